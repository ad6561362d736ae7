import { getNamedType, isObjectType } from 'graphql'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { edgesOf, rowTypes } from '../../access/narrow-links.js'
import { buildImprintSchema } from '../../schema.js'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import type { SampleEvaluation } from '../../testing/sample-evaluation.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let sample: SampleEvaluation
beforeAll(async () => {
  api = await startTestApi()
  const arms = [
    { name: 'rome', method: 'rome' },
    { name: 'base', method: 'no-edit' },
  ]
  sample = await writeSampleEvaluation(api, { arms })
})
afterAll(() => api.stop())
afterEach(() => void vi.restoreAllMocks())

const query = `query($input: ComparisonInput!) { comparison(input: $input) {
  cases final arms { label n } estimates { armId metric mean low high } differences { metric p } } }`
const ask = (input: object, text = query) => api.graphql(text, { input })

it('an answer that was given once is given again as it was, without resolving it', async () => {
  const compare = vi.spyOn(api.services.comparisons, 'compare')
  const input = { evaluationIds: [sample.id] }
  const first = await ask(input)
  const second = await ask(input)
  expect(first.errors).toBeUndefined()
  expect(second).toEqual(first)
  expect(compare).toHaveBeenCalledTimes(1)
  await ask({ ...input, armIds: [sample.armIds[0]] })
  expect(compare).toHaveBeenCalledTimes(2)
})

it('what changed since is shown', async () => {
  const input = { evaluationIds: [sample.id] }
  const text = `query($input: ComparisonInput!) { comparison(input: $input) { arms { evaluationName } } }`
  await ask(input, text)
  await api.graphql(
    'mutation($id: ID!, $name: String!) { renameEvaluation(id: $id, name: $name) { errors { code } } }',
    { id: sample.id, name: 'Another name' },
  )
  const { data } = await ask(input, text)
  expect(data.comparison.arms[0]).toEqual({ evaluationName: 'Another name' })
})

it('an operation that asks for something else too is resolved each time', async () => {
  const compare = vi.spyOn(api.services.comparisons, 'compare')
  const text = `query($input: ComparisonInput!) { comparison(input: $input) { cases } protocols { name } }`
  await ask({ evaluationIds: [sample.id] }, text)
  await ask({ evaluationIds: [sample.id] }, text)
  expect(compare).toHaveBeenCalledTimes(2)
})

it('an error is told each time', async () => {
  for (let time = 0; time < 2; time++) {
    const { errors } = await ask({ evaluationIds: ['nothing'] })
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
  }
})

it('a first answer is not kept, even when the whole one is counted by the time it goes out', async () => {
  const arms = [{ name: 'rome', method: 'rome' }]
  const { id } = await writeSampleEvaluation(api, { arms, datasetId: sample.datasetId, seed: 3 })
  const { comparisons } = api.services
  const compare = comparisons.compare.bind(comparisons)
  vi.spyOn(comparisons, 'compare').mockImplementationOnce(async (viewer, input, quick) => {
    const first = await compare(viewer, input, quick)
    await compare(viewer, input)
    return first
  })
  const text = `query($input: ComparisonInput!) { comparison(input: $input, quick: true) { final resamples } }`
  const answers = []
  for (let time = 0; time < 3; time++)
    answers.push((await ask({ evaluationIds: [id] }, text)).data.comparison)
  expect(answers).toEqual([
    { final: false, resamples: 200 },
    { final: true, resamples: 10_000 },
    { final: true, resamples: 10_000 },
  ])
})

it('what is sent in another form is the same question', async () => {
  const defaults = `query($ids: [ID!]! = "${sample.id}") { comparison(input: { evaluationIds: $ids }) { cases } }`
  for (const variables of [undefined, { ids: sample.id }, { ids: [sample.id] }]) {
    const { data, errors } = await api.graphql(defaults, variables)
    expect([errors, data]).toEqual([undefined, { comparison: { cases: 40 } }])
  }
})

it('an answer leads to no stored row, which links may follow less far than members', () => {
  const schema = buildImprintSchema()
  const edges = new Set(edgesOf(schema).map(([edge]) => edge.split('.')[0]))
  const reached = new Set<string>()
  const reach = (name: string): void => {
    const type = schema.getType(name)
    if (reached.has(name) || !isObjectType(type)) return
    reached.add(name)
    for (const field of Object.values(type.getFields())) reach(getNamedType(field.type).name)
  }
  reach('Comparison')
  expect(reached).toContain('ComparedArm')
  expect([...reached].filter((name) => edges.has(name) || rowTypes.includes(name))).toEqual([])
})
