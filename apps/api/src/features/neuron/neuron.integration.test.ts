// Surveys, lists, one neuron and scaled neurons, with the real engine on a tiny model.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSupervisedEngine } from '../../engine/supervised-engine.js'
import type { SupervisedEngine } from '../../engine/supervised-engine.js'
import { NeuronLeaseRepository } from '../../jobs/neuron-lease.repository.js'
import type { ClaimedSurvey } from '../../jobs/neuron-lease.repository.js'
import { NeuronResultRepository } from '../../jobs/neuron-result.repository.js'
import { silentLogger } from '../../testing/test-database.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import type { NeuronSurvey } from './neuron-survey.type.js'

const layer = 1
const neurons = 64

let api: TestApi
let engine: SupervisedEngine
let leases: NeuronLeaseRepository
beforeAll(async () => {
  api = await startTestApi()
  engine = createSupervisedEngine({ ...api.environment, provider: 'cpu' }, silentLogger)
  leases = new NeuronLeaseRepository(api.database, 30)
}, 60_000)
afterAll(async () => {
  await api.stop()
  await engine.close()
})

interface NeuronNode {
  readonly [field: string]: unknown
  readonly index: number
  readonly maxActivation: number
  readonly maxCoefficient: number
  readonly spark: readonly number[]
}

const ask = async (query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await api.graphql(query, variables)
  expect(errors).toBeUndefined()
  return data
}
const survey = () => api.services.neuronSurveys.start(api.viewer, { modelId: api.modelId, layer })
const follow = async (id: string): Promise<NeuronSurvey[]> => {
  const seen: NeuronSurvey[] = []
  for await (const one of api.services.neuronSurveys.follow(api.viewer, id, null)) seen.push(one)
  return seen
}
const list = async (rest = '') =>
  (
    await ask(`{ neurons(modelId: "${api.modelId}", layer: ${layer} ${rest}) { totalCount
      pageInfo { hasNextPage endCursor } edges { cursor node { index keyWord valueWord keyNorm valueNorm maxActivation
        meanActivation maxCoefficient spark sparkStart sparkWidth editNorm annotationCount label anchor { key } } } } }`)
  ).neurons as {
    totalCount: number
    pageInfo: { hasNextPage: boolean; endCursor: string }
    edges: { node: NeuronNode }[]
  }
const one = async (index: number, fields: string) =>
  (
    await ask(
      `{ neuron(modelId: "${api.modelId}", layer: ${layer}, index: ${index}) { ${fields} } }`,
    )
  ).neuron
const makeRun = async (text: string, more: object = {}) => {
  const { id } = await api.services.lensRuns.create(api.viewer, {
    ...{ modelId: api.modelId, promptText: text, targetText: 'x' },
    ...more,
  } as never)
  const isEnded = ({ state }: { state: string }) => !['QUEUED', 'RUNNING'].includes(state)
  const find = () => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id } })
  expect(await eventually(find, isEnded, 60_000)).toMatchObject({ state: 'DONE' })
  return id
}
const indexes = ({ edges }: Awaited<ReturnType<typeof list>>) => edges.map(({ node }) => node.index)

describe('before anybody surveyed', () => {
  it('a layer has an empty list, and a neuron its place alone', async () => {
    expect(await list()).toMatchObject({ totalCount: 0, edges: [] })
    const fields =
      'index keyWord keyNorm gated key { id } gateKey { id } spark anchor { key title } survey { id }'
    const found = await one(3, `${fields} moments { token } nearest { index } edits { norm }`)
    expect(found).toMatchObject({ index: 3, keyWord: null, keyNorm: null, key: [], gateKey: null })
    expect(found.anchor.key).toBe(`neuron:${api.modelId}/${layer}/3`)
    expect(found).toMatchObject({ gated: false, survey: null, moments: [], nearest: [], edits: [] })
  })

  it('refuses what is not there, by name', async () => {
    const elsewhere = '00000000-0000-7000-8000-000000000000'
    const bad = [
      [`{modelId: "${elsewhere}", layer: 0}`, 'MODEL_NOT_FOUND', 'modelId'],
      [`{modelId: "x", layer: 0}`, 'MODEL_NOT_FOUND', 'modelId'],
      [`{modelId: "${api.modelId}", layer: 2}`, 'BAD_ARGUMENT', 'layer'],
      [`{modelId: "${api.modelId}", layer: -1}`, 'BAD_ARGUMENT', 'layer'],
    ]
    for (const [input, code, field] of bad) {
      const query = `mutation { surveyNeurons(input: ${input}) { neuronSurvey { id } errors { code field } } }`
      const { surveyNeurons } = await ask(query)
      expect(surveyNeurons).toEqual({ neuronSurvey: null, errors: [{ code, field }] })
    }
    const place = `modelId: "${api.modelId}", layer: 0`
    const scales = [
      [`{${place}, index: ${neurons}, factor: 0}`, 'BAD_ARGUMENT', 'index'],
      [`{${place}, index: -1, factor: 0}`, 'BAD_ARGUMENT', 'index'],
      [`{${place}, index: 0, factor: 1e9}`, 'BAD_ARGUMENT', 'factor'],
      [`{${place}, index: 0, factor: 0, prompt: " "}`, 'PROMPT_EMPTY', 'prompt'],
      [`{modelId: "${elsewhere}", layer: 0, index: 0, factor: 0}`, 'MODEL_NOT_FOUND', 'modelId'],
    ]
    for (const [input, code, field] of scales) {
      const query = `mutation { scaleNeuron(input: ${input}) { edit { id } errors { code field } } }`
      expect((await ask(query)).scaleNeuron).toEqual({ edit: null, errors: [{ code, field }] })
    }
    for (const index of [-1, neurons]) expect(await one(index, 'index')).toBeNull()
    const { errors } = await api.graphql(
      `{ neurons(modelId: "${api.modelId}", layer: 1, after: "nonsense") { totalCount } }`,
    )
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
    const cancel = `mutation { cancelNeuronSurvey(id: "${elsewhere}") { errors { code } } }`
    expect((await ask(cancel)).cancelNeuronSurvey.errors).toEqual([{ code: 'SURVEY_NOT_FOUND' }])
  })

  it('a survey that was cancelled, or whose worker died, goes on under another lease', async () => {
    const { id } = await survey()
    const dead = (await leases.claim('dead')) as ClaimedSurvey
    expect(dead).toMatchObject({ id, layer, neurons, attempt: 1, runIds: [] })
    expect((await survey()).state).toBe('RUNNING')
    expect((await api.services.neuronSurveys.cancel(api.viewer, id)).state).toBe('CANCELLED')
    expect(await new NeuronResultRepository(api.database).finish(dead, null, 0)).toBe(false)
    await expect(api.services.neuronSurveys.cancel(api.viewer, id)).rejects.toMatchObject({
      code: 'SURVEY_ENDED',
    })
    expect((await survey()).state).toBe('QUEUED')
    const lost = (await leases.claim('lost')) as ClaimedSurvey
    expect(lost.leaseEpoch).toBeGreaterThan(dead.leaseEpoch)
    await api.database.pool.query(`UPDATE neuron_survey SET lease_until = now() - interval '1 s'`)
    expect(await leases.claim('next')).toMatchObject({ id, attempt: 2 })
    expect(await leases.holds(lost)).toBe(false)
    await api.services.neuronSurveys.cancel(api.viewer, id)
  })

  it('a survey that was cancelled half way leaves neurons in words, without activations', async () => {
    const { id } = await api.database.prisma.neuronSurvey.findFirstOrThrow({ where: { layer } })
    const where = { surveyId: id, index: 3 }
    await api.database.pool.query(
      `INSERT INTO neuron (survey_id, index, key_word, value_word, words, key_norm, value_norm)
       VALUES ($1, 3, 'lit', 'written', 'lit written', 1, 2)`,
      [id],
    )
    const { edges } = await list()
    expect(edges.map(({ node }) => node)).toMatchObject([
      { index: 3, keyWord: 'lit', spark: [], sparkStart: null, maxActivation: null },
    ])
    await api.database.prisma.neuron.delete({ where: { surveyId_index: where } })
  })
})

describe('a survey', () => {
  it('puts a layer without any run into words, and is told step by step', async () => {
    await api.startWorker(engine)
    const { id } = await survey()
    const seen = await follow(id)
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', error: null, runs: 0, done: neurons })
    expect(seen.map(({ progressVersion }) => progressVersion)).toEqual(
      seen.map(({ progressVersion }) => progressVersion).sort((a, b) => a - b),
    )
    expect(seen.at(-1)!.receipt).toMatchObject({ lens: 'normalized', provider: 'cpu' })
    const page = await list('first: 10')
    expect(page.totalCount).toBe(neurons)
    expect(indexes(page)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(page.edges[0]!.node).toMatchObject({ maxActivation: null, spark: [], editNorm: 0 })
    const found = await one(
      5,
      'keyWord key { id text score } keyBottom { score } value { text } nearest { layer index cosine by }',
    )
    expect(found.key).toHaveLength(10)
    expect(found.key[0].text).toBe(found.keyWord)
    expect(found.key[0].score).toBeGreaterThan(found.key[9].score)
    expect(found.keyBottom[0].score).toBeLessThan(found.key[9].score)
    expect(found.nearest).toHaveLength(16)
    expect(
      found.nearest.some(
        (near: { layer: number; index: number }) => near.layer === layer && near.index === 5,
      ),
    ).toBe(false)
    const again = await survey()
    expect(again).toMatchObject({ id, state: 'DONE' })
  }, 60_000)

  it('of newer runs shows what neurons did in them, and whether there are newer ones still', async () => {
    const staleOf = async () =>
      (
        await ask(
          `{ neuronSurvey(modelId: "${api.modelId}", layer: ${layer}) { stale runs tokens } }`,
        )
      ).neuronSurvey
    expect(await staleOf()).toEqual({ stale: false, runs: 0, tokens: 0 })
    const first = await makeRun('Ann is at home')
    await makeRun('Bob eats')
    const third = await makeRun('Bob eats')
    expect((await staleOf()).stale).toBe(true)
    const seen = await follow((await survey()).id)
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', error: null, runs: 2, tokens: 22 })
    expect((await staleOf()).stale).toBe(false)
    const page = await list('order: ACTIVATION, first: 5')
    const sizes = page.edges.map(({ node }) => Math.abs(node.maxActivation))
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    const { index, maxActivation, spark, maxCoefficient } = page.edges[0]!.node
    expect(spark.reduce((sum, count) => sum + count)).toBe(22)
    const fields = 'activation coefficient imprint position token prompt run { id promptText }'
    const found = await one(
      index,
      `moments { ${fields} } strongest: moments(byCoefficient: true) { ${fields} }`,
    )
    expect(found.moments).toHaveLength(10)
    expect(found.moments[0].activation).toBeCloseTo(maxActivation, 6)
    expect(found.strongest[0].coefficient).toBeCloseTo(maxCoefficient, 6)
    const { prompt, position, token, run } = found.moments[0]
    expect(prompt).toBe(run.promptText)
    expect([...prompt][position]).toBe(token.replace('Ġ', ' '))
    for (const moment of found.moments) expect([first, third]).toContain(moment.run.id)
  }, 90_000)

  it('has pages in any order without gaps or repeats, found by word', async () => {
    for (const order of [
      'INDEX',
      'COEFFICIENT',
      'KEY_NORM',
      'VALUE_NORM',
      'EDIT_NORM',
      'ANNOTATIONS',
    ])
      for (const direction of ['ASCENDING', 'DESCENDING']) {
        const found: number[] = []
        for (let after = ''; ;) {
          const page = await list(`order: ${order}, direction: ${direction}, first: 30 ${after}`)
          found.push(...indexes(page))
          if (!page.pageInfo.hasNextPage) break
          after = `, after: "${page.pageInfo.endCursor}"`
        }
        expect(found, `${order} ${direction}`).toHaveLength(neurons)
        expect(new Set(found).size).toBe(neurons)
      }
    const { node } = (await list('first: 1')).edges[0]!
    const word = JSON.stringify(node['valueWord'])
    const matches = await list(`search: ${word}, first: 100`)
    expect(indexes(matches)).toContain(0)
    expect(matches.totalCount).toBeLessThan(neurons)
    expect((await list('search: "no such word anywhere"')).totalCount).toBe(0)
  })

  it('counts annotations, and shows the label that was accepted', async () => {
    const { projectId, userId: authorId } = api.viewer
    const states = ['ACCEPTED', 'PROPOSED', 'WITHDRAWN'] as const
    for (const state of states)
      await api.database.prisma.annotation.create({
        data: {
          ...{
            projectId,
            authorId,
            state,
            anchorKind: 'NEURON',
            label: `says ${state}`,
            anchor: {},
          },
          ...{ anchorKey: `neuron:${api.modelId}/1/7`, modelId: api.modelId, layer, neuron: 7 },
        },
      })
    const noted = await list('annotated: true')
    expect(noted).toMatchObject({ totalCount: 1 })
    expect(noted.edges[0]!.node).toMatchObject({
      index: 7,
      annotationCount: 2,
      label: 'says ACCEPTED',
    })
    expect((await list('annotated: false')).totalCount).toBe(neurons - 1)
    expect(indexes(await list('order: ANNOTATIONS, first: 1'))).toEqual([7])
    expect(indexes(await list('search: "says accept"'))).toEqual([7])
    expect(indexes(await list('search: "says withdrawn"'))).toEqual([])
  })
})

describe('a scaled neuron', () => {
  it('is an edit that is measured, used in runs and shown by the neuron', async () => {
    const input = { modelId: api.modelId, layer, index: 9, factor: 0, prompt: 'Ann', target: 'x' }
    const query = `mutation($input: ScaleNeuronInput!) { scaleNeuron(input: $input) { edit { id name method requests { prompt } } errors { code message } } }`
    const { edit, errors } = (await ask(query, { input: { ...input, clientMutationId: 'once' } }))
      .scaleNeuron
    expect(errors).toEqual([])
    expect(edit).toMatchObject({
      name: `neuron ${layer}/9 ablated`,
      method: 'scale-neuron',
      requests: [],
    })
    const same = (await ask(query, { input: { ...input, clientMutationId: 'once' } })).scaleNeuron
    expect(same.edit.id).toBe(edit.id)
    const taskOf = () =>
      api.database.prisma.editTask.findUniqueOrThrow({ where: { editId: edit.id } })
    const isEnded = ({ state }: { state: string }) => !['QUEUED', 'RUNNING'].includes(state)
    expect(await eventually(taskOf, isEnded, 60_000)).toMatchObject({ state: 'DONE', error: null })
    const effectQuery = `{ edit(id: "${edit.id}") { outcome effect { prompts { kind prompt target before { targetProbability } after { targetProbability } } } deltas { layer matrix rank norm } readings { rank } } }`
    const computed = (await ask(effectQuery)).edit
    expect(computed.effect.prompts).toMatchObject([{ kind: 'ASKED', prompt: 'Ann', target: 'x' }])
    const [{ norm }] = computed.deltas
    expect(computed.deltas).toMatchObject([{ layer, matrix: 'MLP_DOWN', rank: 1 }])
    const shown = () => one(9, 'valueNorm editNorm edits { matrix norm share edit { id } }')
    const neuron = await eventually(shown, ({ editNorm }) => editNorm > 0)
    expect(neuron.edits).toMatchObject([{ matrix: 'MLP_DOWN', edit: { id: edit.id } }])
    expect(neuron.edits[0].share).toBeCloseTo(1, 6)
    expect(neuron.edits[0].norm).toBeCloseTo(neuron.valueNorm, 6)
    expect(norm).toBeCloseTo(neuron.valueNorm, 6)
    expect(indexes(await list('order: EDIT_NORM, first: 1'))).toEqual([9])
    const plain = await makeRun('Ann is at home.')
    const under = await makeRun('Ann is at home.', { editIds: [edit.id] })
    const lossOf = (id: string) => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id } })
    expect((await lossOf(under)).loss).not.toBe((await lossOf(plain)).loss)
    const newest = await follow((await survey()).id)
    expect(newest.at(-1)).toMatchObject({ state: 'DONE', runs: 3 })
    const removed = await ask(
      `mutation { deleteEdit(id: "${edit.id}") { deletedId errors { code } } }`,
    )
    expect(removed.deleteEdit.errors).toEqual([])
    expect((await eventually(shown, ({ editNorm }) => editNorm === 0)).edits).toEqual([])
  }, 120_000)

  it('times one writes nothing', async () => {
    const input = { modelId: api.modelId, layer, index: 2, factor: 1 }
    const { id } = await api.services.neuronScales.scale(api.viewer, input)
    const outcomeOf = async () =>
      (await ask(`{ edit(id: "${id}") { outcome skipReason deltas { rank } } }`)).edit
    const ended = await eventually(outcomeOf, ({ outcome }) => outcome !== null)
    expect(ended).toMatchObject({ outcome: 'SKIPPED', deltas: [] })
  }, 60_000)
})
