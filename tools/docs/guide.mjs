// docs/graphql.md -> its operations, and what each answer teaches the next ones.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../reliability/stage/root.mjs'
import { ask, follow } from './speak.mjs'

/** Operations of the page in its order: kind, name and text. */
export function guideOperations() {
  const page = readFileSync(path.join(root, 'docs/graphql.md'), 'utf8')
  return [...page.matchAll(/^```graphql\n([\s\S]*?)^```/gm)].map(([, text]) => {
    const [, kind, name] = /^(query|mutation|subscription) (\w+)/.exec(text) ?? []
    assert.ok(name, `an operation without a name: ${text}`)
    return { kind, name, text }
  })
}

const first = ({ edges }, wanted = () => true) => edges.map(({ node }) => node).find(wanted)

/** Name of an operation -> the variables that its answer gives to those after it. */
const learned = {
  Models: ({ models }) => ({ modelId: first(models, ({ bundled }) => bundled).id }),
  CreateRun: ({ createLensRun: { run } }) => ({
    runId: run.id,
    path: `/lens?run=${run.id}`,
  }),
  CreateEdit: ({ createEdit: { edit } }) => ({ editId: edit.id, taskId: edit.task.id }),
  SurveyNeurons: ({ surveyNeurons }) => ({ surveyId: surveyNeurons.neuronSurvey.id }),
  ScaleNeuron: ({ scaleNeuron: { edit } }) => ({ scaledId: edit.id, scaledTaskId: edit.task.id }),
  Annotate: ({ annotateNeuron }) => ({ annotationId: annotateNeuron.annotation.id }),
  CreateCollection: ({ createCollection }) => ({ collectionId: createCollection.collection.id }),
  Comment: ({ comment }) => ({ commentId: comment.comment.id }),
  RequestReview: ({ requestReview: { review } }) => ({
    reviewId: review.id,
    reviewVersion: review.version,
  }),
  MapInterference: ({ mapInterference }) => ({ mapId: mapInterference.interferenceMap.id }),
  Datasets: ({ datasets }) => ({ datasetId: first(datasets).id }),
  CreateSlice: ({ createSlice }) => ({ sliceId: createSlice.slice.id }),
  StartEvaluation: ({ startEvaluation }) => ({ evaluationId: startEvaluation.evaluation.id }),
  Share: ({ createShareLink }) => ({ shareId: createShareLink.shareLink.id }),
  MakeKey: ({ createApiKey }) => ({ keyId: createApiKey.apiKey.id }),
}

/** Whether work has ended, and well. */
function isDone({ state, error }) {
  assert.ok(!['FAILED', 'CANCELLED'].includes(state), JSON.stringify(error))
  return state === 'DONE'
}

/** Operations that are asked, or followed, until this holds. */
const awaited = {
  AwaitRun: ({ awaitLensRun }) => isDone(awaitLensRun),
  FollowRun: ({ lensRunProgress }) => isDone(lensRunProgress),
  FollowEdit: ({ editTaskProgress }) => isDone(editTaskProgress),
  FollowSurvey: ({ neuronSurveyProgress }) => isDone(neuronSurveyProgress),
  FollowMap: ({ interferenceProgress }) => isDone(interferenceProgress),
  AwaitEvaluation: ({ awaitEvaluation }) => isDone(awaitEvaluation),
}

const signedIn = new Set(['MakeKey', 'RevokeKey'])

async function send(server, { kind, name, text }, variables) {
  const isEnd = awaited[name] ?? (() => true)
  if (kind === 'subscription') return follow(server, text, variables, isEnd)
  const { url, key, cookie } = server
  const who = signedIn.has(name) ? { url, cookie } : { url, key }
  for (const end = Date.now() + 180_000; Date.now() < end;) {
    const data = await ask(who, text, variables)
    if (isEnd(data)) return data
  }
  throw new Error(`${name}: not within three minutes`)
}

async function fileOf({ url, key }, name) {
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(`${url}${name}`, { headers })
  assert.equal(response.status, 200, name)
  return response.text()
}

async function upload({ url, key }, text) {
  const response = await fetch(`${url}/api/uploads?name=run.json`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'x-imprint-upload': '1',
      'content-type': 'application/octet-stream',
    },
    body: text,
  })
  assert.ok(response.ok, `the upload was answered with ${response.status}`)
  return (await response.json()).id
}

/** What the page asks the reader to do between two operations. */
const before = {
  MapInterference: async (server, { scaledId, scaledTaskId }, byName) => {
    await send(server, byName.FollowEdit, { taskId: scaledTaskId })
    const { text } = byName.RequestReview
    const request = { ...byName.RequestReview, text: text.replace('guide-review', 'second-review') }
    const asked = await send(server, request, { editId: scaledId })
    await send(server, byName.Decide, learned.RequestReview(asked))
    return {}
  },
  ImportRun: async (server, { runId }) => ({
    uploadId: await upload(server, await fileOf(server, `/api/runs/${runId}.json`)),
  }),
  ImportAnnotations: async (server) => ({ json: await fileOf(server, '/api/annotations.json') }),
}

/** Sends every operation of the page in order. @returns the ids it met */
export async function runGuide(server) {
  const operations = guideOperations()
  const byName = Object.fromEntries(operations.map((one) => [one.name, one]))
  let variables = {}
  for (const operation of operations) {
    const { name, text } = operation
    variables = { ...variables, ...(await before[name]?.(server, variables, byName)) }
    const wanted = [...text.split('{')[0].matchAll(/\$(\w+): /g)].map(([, one]) => one)
    const filled = Object.fromEntries(wanted.map((one) => [one, variables[one]]))
    try {
      const data = await send(server, operation, filled)
      variables = { ...variables, ...learned[name]?.(data) }
    } catch (error) {
      throw new Error(`docs/graphql.md, ${name}: ${error.message}`, { cause: error })
    }
  }
  return variables
}
