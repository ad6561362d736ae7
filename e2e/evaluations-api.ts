// Data sets, evaluations and figures as a script would use them, for what a journey needs but does not look at.
import { ask, bundledModelId, type UserError } from './api.js'

type Edges<T> = { readonly edges: readonly { readonly node: T }[] }

export interface EvaluationSummary {
  readonly id: string
  readonly name: string
  readonly state: 'QUEUED' | 'RUNNING' | 'PAUSED' | 'DONE' | 'FAILED' | 'CANCELLED'
  readonly progress: { readonly done: number; readonly total: number; readonly failed: number }
  readonly error: UserError | null
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function until<T>(what: string, seconds: number, read: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + seconds * 1_000
  for (;;) {
    const found = await read()
    if (found !== null) return found
    if (Date.now() > deadline) throw new Error(`${what}: still not there after ${seconds} s`)
    await wait(250)
  }
}

/** Id of the data set that comes with Imprint. */
export async function bundledDatasetId(): Promise<string> {
  const query = '{ datasets(first: 50) { edges { node { id bundled } } } }'
  return until('the bundled data set', 60, async () => {
    const { datasets } = await ask<{ datasets: Edges<{ id: string; bundled: boolean }> }>(query)
    return datasets.edges.find(({ node }) => node.bundled)?.node.id ?? null
  })
}

/** A seeded slice of the bundled facts; the same name finds the same slice. */
export async function sliceOf(count: number): Promise<string> {
  const query = `mutation ($input: CreateSliceInput!) { createSlice(input: $input) {
    slice { id } errors { code message cure } } }`
  const input = {
    datasetId: await bundledDatasetId(),
    name: `${count} facts of the journeys`,
    count,
    seed: 7,
    clientMutationId: `journeys: ${count} facts`,
  }
  const { createSlice } = await ask<{
    createSlice: { slice: { id: string } | null; errors: UserError[] }
  }>(query, { input })
  if (createSlice.slice === null) throw new Error(JSON.stringify(createSlice.errors))
  return createSlice.slice.id
}

export async function readEvaluation(id: string): Promise<EvaluationSummary | null> {
  const query = `query ($id: ID!) { evaluation(id: $id) { id name state
    progress { done total failed } error { code message cure } } }`
  return (await ask<{ evaluation: EvaluationSummary | null }>(query, { id })).evaluation
}

export interface NewEvaluation {
  readonly name: string
  readonly methods: readonly string[]
  readonly cases: number
}

/** Starts an evaluation of the bundled model; the same name finds the same one. */
export async function startEvaluation({ name, methods, cases }: NewEvaluation): Promise<string> {
  const modelId = await bundledModelId()
  const query = `mutation ($input: StartEvaluationInput!) { startEvaluation(input: $input) {
    evaluation { id } errors { code message cure field } } }`
  const input = {
    name,
    sliceId: await sliceOf(cases),
    protocol: 'backward-lens',
    arms: methods.map((method) => ({ modelId, method })),
    seed: 0,
    clientMutationId: `journeys: ${name}`,
  }
  const { startEvaluation: payload } = await ask<{
    startEvaluation: { evaluation: { id: string } | null; errors: UserError[] }
  }>(query, { input })
  if (payload.evaluation === null) throw new Error(JSON.stringify(payload.errors))
  return payload.evaluation.id
}

/** Waits until an evaluation is done. */
export const finishEvaluation = (id: string): Promise<EvaluationSummary> =>
  until(`evaluation ${id}`, 240, async () => {
    const found = await readEvaluation(id)
    if (found?.state === 'FAILED') throw new Error(JSON.stringify(found.error))
    return found?.state === 'DONE' ? found : null
  })

/** Ids of two finished evaluations whose cases and protocol are the same. */
export async function finishedEvaluations(): Promise<readonly [string, string]> {
  const cases = 24
  const methods = ['forward-shift', 'sgd', 'no-edit']
  const first = await startEvaluation({ name: 'Two methods and a control', methods, cases })
  const second = await startEvaluation({ name: 'A random layer', methods: ['random-layer'], cases })
  await finishEvaluation(first)
  await finishEvaluation(second)
  return [first, second]
}

/** Id of a finished set of figures of the bundled model over a few prompts. */
export async function finishedFigures(): Promise<string> {
  const start = `mutation ($input: StartFiguresInput!) { startFigures(input: $input) {
    figureSet { id } errors { code message cure } } }`
  const input = {
    modelId: await bundledModelId(),
    sliceId: await sliceOf(6),
    name: 'Six facts',
    clientMutationId: 'journeys: six facts',
  }
  const { startFigures } = await ask<{
    startFigures: { figureSet: { id: string } | null; errors: UserError[] }
  }>(start, { input })
  const id = startFigures.figureSet?.id
  if (id === undefined) throw new Error(JSON.stringify(startFigures.errors))
  const read = 'query ($id: ID!) { figureSet(id: $id) { state error { message } } }'
  await until(`figures ${id}`, 120, async () => {
    const { figureSet } = await ask<{ figureSet: { state: string; error: unknown } | null }>(read, {
      id,
    })
    if (figureSet?.state === 'FAILED') throw new Error(JSON.stringify(figureSet.error))
    return figureSet?.state === 'DONE' ? true : null
  })
  return id
}
