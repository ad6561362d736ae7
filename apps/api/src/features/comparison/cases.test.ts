import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vectorOf } from '../../engine/testing/reference-tables.js'
import type { CaseRow } from '../../engine/testing/reference-tables.js'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import type { SampleEvaluation } from '../../testing/sample-evaluation.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let sample: SampleEvaluation
const arms = [
  { name: 'rome', method: 'rome', failed: [5, 6], missing: [7] },
  { name: 'shift', method: 'forward-shift', skipped: [1] },
]
beforeAll(async () => {
  api = await startTestApi()
  sample = await writeSampleEvaluation(api, { arms })
})
afterAll(() => api.stop())

const query = `query($input: ComparisonInput!, $sort: CaseSort, $offset: Int, $limit: Int) {
  comparisonCases(input: $input, sort: $sort, offset: $offset, limit: $limit) { total offset rows {
    place caseId relation subject prompt targetNew targetTrue
    cells { armId outcome error { code } metrics before newBefore newAfter trueBefore trueAfter } } } }`
const cases = async (filter: object = {}, rest: object = {}) => {
  const variables = { input: { evaluationIds: [sample.id], filter }, ...rest }
  const answer = await api.graphql(query, variables)
  expect(answer.errors).toBeUndefined()
  return answer.data.comparisonCases
}
const placesOf = (page: { rows: { place: number }[] }) => page.rows.map(({ place }) => place)
const rowOf = (method: string, place: number) =>
  sample.rows.find((row) => row.method === method && row.caseId === `case-${place}`) as CaseRow
const metrics = ['ES', 'PS', 'NS', 'EM', 'PM', 'NM', 'KL', 'GE', 'RS']
const value = (method: string, place: number, metric: string) => {
  const row = rowOf(method, place)
  return row ? vectorOf('counterfact', row, 'after')[metrics.indexOf(metric)]! : NaN
}
const all = Array.from({ length: 40 }, (_, place) => place)

describe('the table of cases', () => {
  it('has each case with its numbers under every arm', async () => {
    const page = await cases({}, { limit: 8 })
    expect(page).toMatchObject({ total: 40, offset: 0 })
    expect(placesOf(page)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const [first, second] = page.rows
    expect(first).toMatchObject({ prompt: 'About Subject 0 one says', targetNew: 'new' })
    const vector = vectorOf('counterfact', rowOf('rome', 0), 'after')
    expect(first.cells[0].metrics).toEqual(vector.map((v) => (Number.isNaN(v) ? null : v)))
    const before = vectorOf('counterfact', rowOf('shift', 0), 'before')
    expect(first.cells[1].before).toEqual(before.map((v) => (Number.isNaN(v) ? null : v)))
    const { after } = rowOf('rome', 0).prompts[0]!
    expect(first.cells[0].newAfter).toBeCloseTo(Math.exp(-after.new!.nll), 12)
    expect(second.cells[1].outcome).toBe('SKIPPED')
    expect(page.rows[5].cells[0]).toMatchObject({
      outcome: 'FAILED',
      error: { code: 'NOT_FINITE' },
    })
    expect(page.rows[5].cells[0].metrics.every((one: null) => one === null)).toBe(true)
    expect(page.rows[5].cells[0].before.some((one: number | null) => one !== null)).toBe(true)
    expect(page.rows[7].cells[0]).toMatchObject({ outcome: null, error: null })
  })

  it('is filtered by relation, text, range, outcome and place, all together', async () => {
    const range = (metric: string, min: number | null, max: number | null) => ({
      ranges: [{ armId: sample.armIds[0], metric, min, max }],
    })
    const within = (metric: string, min: number, max: number) =>
      all.filter(
        (place) => value('rome', place, metric) >= min && value('rome', place, metric) <= max,
      )
    expect(placesOf(await cases({ relations: ['sport'] }))).toEqual(all.filter((p) => p % 3 === 2))
    expect(placesOf(await cases({ search: 'SUBJECT 3' }))).toEqual([
      3,
      ...all.filter((p) => p >= 30 && p < 40),
    ])
    expect(placesOf(await cases(range('EM', -10, 20)))).toEqual(within('EM', -10, 20))
    expect(placesOf(await cases(range('EM', 0, null)))).toEqual(within('EM', 0, Infinity))
    expect(placesOf(await cases({ outcome: 'FAILED' }))).toEqual([5, 6])
    expect(placesOf(await cases({ outcome: 'SKIPPED' }))).toEqual([1])
    expect(placesOf(await cases({ places: [9, 3, 1000] }))).toEqual([3, 9])
    const both = { relations: ['sport'], ...range('EM', 0, null) }
    expect(placesOf(await cases(both))).toEqual(
      within('EM', 0, Infinity).filter((p) => p % 3 === 2),
    )
    expect(await cases({ search: 'nowhere' })).toMatchObject({ total: 0, rows: [] })
  })

  it('is sorted by any column, missing values last, and read in windows', async () => {
    const column = { armId: sample.armIds[0], metric: 'EM' }
    const known = all.filter((place) => !Number.isNaN(value('rome', place, 'EM')))
    const by = (sign: number) =>
      known
        .toSorted((a, b) => sign * (value('rome', a, 'EM') - value('rome', b, 'EM')) || a - b)
        .concat([5, 6, 7])
    expect(placesOf(await cases({}, { sort: { column } }))).toEqual(by(1))
    const descending = await cases({}, { sort: { column, descending: true }, offset: 35, limit: 3 })
    expect(descending).toMatchObject({ total: 40, offset: 35 })
    expect(placesOf(descending)).toEqual(by(-1).slice(35, 38))
    const relation = await cases({}, { sort: { field: 'RELATION', descending: true } })
    expect(relation.rows[0].relation).toBe('sport')
    expect(
      placesOf(await cases({}, { sort: { field: 'PLACE', descending: true }, limit: 2 })),
    ).toEqual([39, 38])
    const natural = await cases({}, { sort: { field: 'CASE_ID' } })
    expect(placesOf(natural)).toEqual(all)
  })

  it('shows the cases on which two arms differ', async () => {
    const [firstArmId, secondArmId] = sample.armIds
    const verdicts = (method: string, place: number, kind: string) =>
      rowOf(method, place)
        ?.prompts.filter((prompt) => prompt.kind === kind)
        .map(({ after }) => after[kind === 'neighborhood' ? 'true' : 'new']!.correct.every(Boolean))
    const differ = (kind: string, fits: (a: boolean, b: boolean) => boolean) =>
      all.filter((place) => {
        const [a, b] = [verdicts('rome', place, kind), verdicts('shift', place, kind)]
        return a !== undefined && b !== undefined && a.some((one, i) => fits(one, b[i]!))
      })
    for (const kind of ['rewrite', 'paraphrase', 'neighborhood']) {
      const flips = { firstArmId, secondArmId, kind: kind.toUpperCase() }
      const either = differ(kind, (a, b) => a !== b)
      expect(either.length).toBeGreaterThan(0)
      expect(placesOf(await cases({ flips }))).toEqual(either)
      const only = placesOf(await cases({ flips: { ...flips, direction: 'ONLY_SECOND' } }))
      expect(only).toEqual(differ(kind, (a, b) => !a && b))
    }
  })

  it('spreads over histograms of one and of two columns', async () => {
    const input = { evaluationIds: [sample.id] }
    const { data } = await api.graphql(
      `query($input: ComparisonInput!, $x: CaseColumn!, $y: CaseColumn!) {
        caseDistributions(input: $input, metric: "EM") { armId metric edges counts }
        caseDensity(input: $input, x: $x, y: $y, bins: 10) { xEdges yEdges n cells { x y count } } }`,
      {
        input,
        x: { armId: sample.armIds[0], metric: 'EM' },
        y: { armId: sample.armIds[1], metric: 'EM' },
      },
    )
    const [rome, shift] = data.caseDistributions
    expect(rome.edges).toEqual(shift.edges)
    expect(rome.edges).toHaveLength(31)
    const known = all.map((place) => value('rome', place, 'EM')).filter((v) => !Number.isNaN(v))
    const counts = rome.counts.map((_: number, bin: number) => {
      const [low, high] = [rome.edges[bin], rome.edges[bin + 1]]
      return known.filter((v) => v >= low && (bin === 29 ? v <= high : v < high)).length
    })
    expect(rome.counts).toEqual(counts)
    expect(rome.counts.reduce((sum: number, n: number) => sum + n, 0)).toBe(37)
    expect(data.caseDensity).toMatchObject({ n: 37 })
    expect(
      data.caseDensity.cells.reduce((sum: number, c: { count: number }) => sum + c.count, 0),
    ).toBe(37)
  })
})

describe('one case', () => {
  const detail = `query($ids: [ID!]!, $place: Int!) { caseDetail(evaluationIds: $ids, place: $place) {
    place caseId relation datasetCase { subject paraphrases } arms { arm { name } outcome error { code } warnings editMilliseconds record
      prompts { kind prompt target truth newBefore newAfter trueAfter correctAfter wanted klToBase }
      generations { prompt before after } } } }`

  it('is shown whole under every arm', async () => {
    const { data, errors } = await api.graphql(detail, { ids: [sample.id], place: 3 })
    expect(errors).toBeUndefined()
    expect(data.caseDetail).toMatchObject({
      place: 3,
      caseId: 'case-3',
      relation: 'capital',
      datasetCase: { subject: '=Subject 3' },
    })
    const [rome] = data.caseDetail.arms
    expect(rome).toMatchObject({ arm: { name: 'rome' }, outcome: 'EDITED', editMilliseconds: 103 })
    expect(rome.prompts.map(({ prompt }: { prompt: string }) => prompt)).toEqual([
      'About =Subject 3 one says',
      '=Subject 3 is called',
      'One calls =Subject 3',
      'About the other one says',
      'The third is',
    ])
    expect(rome.prompts[3]).toMatchObject({ kind: 'NEIGHBORHOOD', wanted: 'true', truth: 'old' })
    expect(rome.record.kind).toBe('row')
    const failed = await api.graphql(detail, { ids: [sample.id], place: 5 })
    expect(failed.data.caseDetail.arms[0]).toMatchObject({
      ...{ outcome: 'FAILED', error: { code: 'NOT_FINITE' }, prompts: [] },
    })
    const missing = await api.graphql(detail, { ids: [sample.id], place: 7 })
    expect(missing.data.caseDetail.arms[0]).toMatchObject({ outcome: null, record: null })
    expect((await api.graphql(detail, { ids: [sample.id], place: 99 })).data.caseDetail).toBeNull()
    expect((await api.graphql(detail, { ids: ['x'], place: 1 })).data.caseDetail).toBeNull()
  })

  it('becomes an edit of its own, once', async () => {
    const open = `mutation($arm: ID!, $place: Int!) { openCaseEdit(armId: $arm, place: $place) {
      edit { id method name requests { prompt subject target } probes { truth paraphrases neighbors { prompt } generationPrompts } hyperparameters }
      errors { code field } } }`
    const variables = { arm: sample.armIds[1], place: 4 }
    const first = (await api.graphql(open, variables)).data.openCaseEdit
    expect(first.errors).toEqual([])
    expect(first.edit).toMatchObject({
      ...{ method: 'forward-shift', hyperparameters: { layer: 1 } },
      requests: [{ prompt: 'About {} one says', subject: 'Subject 4', target: ' new' }],
      probes: { paraphrases: ['Subject 4 is called', 'One calls Subject 4'] },
    })
    const again = (await api.graphql(open, variables)).data.openCaseEdit
    expect(again.edit.id).toBe(first.edit.id)
    expect(await api.database.prisma.edit.count()).toBe(1)
    const wrong = (await api.graphql(open, { arm: 'nonsense', place: 4 })).data.openCaseEdit
    expect(wrong.errors).toMatchObject([{ code: 'ARM_NOT_FOUND' }])
    const gone = (await api.graphql(open, { ...variables, place: 99 })).data.openCaseEdit
    expect(gone.errors).toMatchObject([{ code: 'CASE_NOT_FOUND' }])
  })
})
