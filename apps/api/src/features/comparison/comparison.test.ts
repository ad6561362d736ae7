import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceOf } from '../../engine/testing/reference-tables.js'
import { createServices } from '../../services.js'
import { openRunNotifications } from '../../database/index.js'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import type { SampleEvaluation } from '../../testing/sample-evaluation.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let sample: SampleEvaluation
const arms = [
  { name: 'rome', method: 'rome', failed: [5, 6] },
  { name: 'shift', method: 'forward-shift', skipped: [1] },
  { name: 'base', method: 'no-edit' },
]
beforeAll(async () => {
  api = await startTestApi()
  sample = await writeSampleEvaluation(api, { arms })
})
afterAll(() => api.stop())

const estimateFields = 'armId metric mean low high n missing sd wilsonLow wilsonHigh note'
const query = `query($input: ComparisonInput!, $quick: Boolean) { comparison(input: $input, quick: $quick) {
  protocol { name metrics { name } score { name of } } cases shared notes resamples final computedIn
  arms { id label n missing failed skipped secondsPerEdit peakBytes method methodTitle modelName }
  estimates { ${estimateFields} } before { ${estimateFields} }
  differences { metric firstArmId secondArmId difference low high n p adjustedP test significant onlyFirst onlySecond }
  relations { relation cases cells { armId metric mean n } }
  published { id rows { method } } refusal { code message cure reasons } } }`
const compare = async (input: object, quick = false) => {
  const answer = await api.graphql(query, { input, quick })
  expect(answer.errors).toBeUndefined()
  return answer.data.comparison
}

describe('a comparison', () => {
  it('has the numbers of the engine’s own table of the raw rows', async () => {
    const found = await compare({ evaluationIds: [sample.id] })
    const options = { resamples: 10_000, side: 'after' } as const
    const reference = referenceOf('counterfact', sample.rows, sample.cases, options)
    const nameOf = new Map(sample.armIds.map((id, index) => [id, arms[index]!.name]))
    expect(found).toMatchObject({
      cases: 40,
      shared: true,
      final: true,
      resamples: 10_000,
      refusal: null,
    })
    expect(found.estimates).toHaveLength(reference.estimates.length)
    for (const one of reference.estimates) {
      const own = found.estimates.find(
        (e: { armId: string; metric: string }) =>
          nameOf.get(e.armId) === one.method && e.metric === one.metric,
      )
      expect(own).toMatchObject({
        mean: one.mean,
        low: one.interval?.low ?? null,
        high: one.interval?.high ?? null,
        n: one.n,
        missing: one.missing,
        sd: one.published?.sd ?? null,
        wilsonLow: one.wilson?.low ?? null,
      })
    }
    expect(found.differences).toHaveLength(reference.comparisons.length)
    for (const pair of reference.comparisons) {
      const own = found.differences.find(
        (d: { firstArmId: string; secondArmId: string; metric: string }) =>
          nameOf.get(d.firstArmId) === pair.first &&
          nameOf.get(d.secondArmId) === pair.second &&
          d.metric === pair.metric,
      )
      expect(own).toMatchObject({
        ...{ difference: pair.difference, low: pair.interval?.low ?? null, n: pair.n, p: pair.p },
        ...{ adjustedP: pair.adjustedP, test: pair.test },
        onlyFirst: pair.mcNemar?.firstOnly ?? null,
        significant: pair.adjustedP !== null && pair.adjustedP < 0.05,
      })
    }
    for (const { relation, estimates } of reference.relations) {
      const row = found.relations.find((r: { relation: string }) => r.relation === relation)
      for (const one of estimates)
        expect(
          row.cells.find(
            (c: { armId: string; metric: string }) =>
              nameOf.get(c.armId) === one.method && c.metric === one.metric,
          ),
        ).toMatchObject({ mean: one.mean, n: one.n })
    }
  })

  it('counts what failed, was left alone and is missing, and shows the unedited model', async () => {
    const found = await compare({ evaluationIds: [sample.id] })
    expect(found.arms).toMatchObject([
      { label: 'rome', n: 38, failed: 2, skipped: 0, missing: 0, methodTitle: expect.any(String) },
      { label: 'shift', n: 40, failed: 0, skipped: 1 },
      { label: 'base', n: 40, secondsPerEdit: expect.closeTo(0.1195, 6), peakBytes: 1039 },
    ])
    const before = sample.rows.filter(({ method }) => method === 'base')
    const options = { resamples: 10_000, side: 'before' } as const
    const reference = referenceOf('counterfact', before, sample.cases, options)
    expect(found.before.map((e: { mean: number }) => e.mean)).toEqual(
      reference.estimates.map(({ mean }) => mean),
    )
    expect(found.before.map((e: { low: number | null }) => e.low)).toEqual(
      reference.estimates.map(({ interval }) => interval?.low ?? null),
    )
    expect(found.before[0].armId).toBe(sample.armIds[0])
    expect(found.notes).toEqual([expect.stringContaining('failed under rome (2 of 40)')])
    expect(found.published.map(({ id }: { id: string }) => id)).toContain(
      'rome-meng-et-al-2022-table-4',
    )
  })

  it('agrees with a table that is worked out by hand', async () => {
    const places = [0, 3, 6, 9]
    const { id, armIds } = await writeSampleEvaluation(api, {
      ...{
        arms: [arms[2]!, { name: 'other', method: 'rome' }],
        places,
        datasetId: sample.datasetId,
      },
      seed: 9,
    })
    const set = (arm: number, place: number, es: number, ps: number, ns: number) =>
      api.database.pool.query(
        `UPDATE case_result SET metrics = ARRAY[$3, $4, $5, 1, 1, 1, 'NaN', 'NaN', 'NaN']::float8[] WHERE arm_id = $1 AND place = $2`,
        [armIds[arm], place, es, ps, ns],
      )
    // ES of the first: 100, 100, 100, 0; of the second: 0, 0, 0, 0.
    for (const place of [0, 1, 2, 3]) {
      await set(0, place, place < 3 ? 100 : 0, 50, 100)
      await set(1, place, 0, 50, 50)
    }
    const found = await compare({ evaluationIds: [id], metrics: ['ES', 'S'] })
    const of = (metric: string) =>
      found.estimates.filter((e: { metric: string }) => e.metric === metric)
    expect(of('ES').map((e: { mean: number }) => e.mean)).toEqual([75, 0])
    // 3 / (1/75 + 1/50 + 1/100) = 69.2307...; a mean of 0 makes the score 0.
    expect(of('S')[0].mean).toBeCloseTo(69.230769, 5)
    expect(of('S')[1].mean).toBe(0)
    // Wilson of 3 of 4: centre (0.75 + z²/8) / (1 + z²/4), z = 1.959964.
    expect(of('ES')[0].wilsonLow).toBeCloseTo(30.0642, 3)
    expect(of('ES')[0].wilsonHigh).toBeCloseTo(95.4413, 3)
    // Three cases are only the first's: 2 * (1/2)^3.
    expect(found.differences[0]).toMatchObject({
      ...{ metric: 'ES', difference: 75, onlyFirst: 3, onlySecond: 0, test: 'mcnemar' },
      ...{
        p: expect.closeTo(0.25, 12),
        adjustedP: expect.closeTo(0.25, 12),
        significant: false,
        n: 4,
      },
    })
    expect(new Set(found.estimates.map((e: { metric: string }) => e.metric))).toEqual(
      new Set(['ES', 'S']),
    )
  })

  it('is kept: another API answers from the table without reading a row', async () => {
    const kept = await writeSampleEvaluation(api, { arms, datasetId: sample.datasetId, seed: 4 })
    const first = await compare({ evaluationIds: [kept.id] })
    await api.database.pool.query(`DELETE FROM case_result WHERE evaluation_id = $1`, [kept.id])
    const notifications = openRunNotifications(api.database.url, () => undefined)
    const other = createServices(api.database, notifications, api.environment)
    const again = await other.comparisons.compare(api.viewer, { evaluationIds: [kept.id] })
    expect(again.estimates).toEqual(first.estimates)
    expect(again.arms.map(({ n }) => n)).toEqual([38, 40, 40])
    await notifications.close()
  })

  it('is counted ahead when an evaluation has ended', async () => {
    const ended = await writeSampleEvaluation(api, { arms, datasetId: sample.datasetId, seed: 8 })
    await api.services.countAhead.look()
    await api.database.pool.query(`DELETE FROM case_result WHERE evaluation_id = $1`, [ended.id])
    expect(await compare({ evaluationIds: [ended.id] }, true)).toMatchObject({
      ...{ final: true, resamples: 10_000 },
      arms: [{ n: 38 }, { n: 40 }, { n: 40 }],
    })
  })

  it('answers quickly with few resamples first, and the whole one soon after', async () => {
    const { id } = await writeSampleEvaluation(api, { arms, datasetId: sample.datasetId, seed: 5 })
    const first = await compare({ evaluationIds: [id] }, true)
    expect(first).toMatchObject({ final: false, resamples: 200 })
    const whole = await compare({ evaluationIds: [id] })
    expect(whole).toMatchObject({ final: true, resamples: 10_000 })
    expect(whole.estimates.map((e: { mean: number }) => e.mean)).toEqual(
      first.estimates.map((e: { mean: number }) => e.mean),
    )
    expect(await compare({ evaluationIds: [id] }, true)).toMatchObject({ final: true })
  })

  it('changes with the rows of one that still runs, and says that it does', async () => {
    const running = await writeSampleEvaluation(api, {
      ...{ arms: [{ ...arms[2]!, missing: [0, 1, 2] }], state: 'RUNNING', seed: 6 },
    })
    const input = { evaluationIds: [running.id] }
    const first = await compare(input)
    expect(first.arms).toMatchObject([{ n: 37, missing: 3 }])
    expect(first.resamples).toBe(2_000)
    expect(first.notes.join()).toContain('is not done (running)')
    await api.database.pool.query(
      `DELETE FROM case_result WHERE evaluation_id = $1 AND place = 39`,
      [running.id],
    )
    await api.database.pool.query(
      `UPDATE evaluation SET progress_version = progress_version + 1 WHERE id = $1`,
      [running.id],
    )
    expect((await compare(input)).arms).toMatchObject([{ n: 36, missing: 4 }])
    const { rows } = await api.database.pool.query(
      `SELECT count(*)::int AS n FROM comparison_answer WHERE answer->>'resamples' = '2000'`,
    )
    expect(rows[0].n).toBe(0)
  })

  it('of filtered cases is of those alone', async () => {
    const filter = { relations: ['capital'] }
    const found = await compare({ evaluationIds: [sample.id], filter })
    const cases = sample.cases.filter(({ relation }) => relation === 'capital')
    const rows = sample.rows.filter(({ relation }) => relation === 'capital')
    const reference = referenceOf('counterfact', rows, cases, { resamples: 2_000, side: 'after' })
    expect(found).toMatchObject({ cases: cases.length, resamples: 2_000 })
    expect(found.estimates.map((e: { low: number | null }) => e.low)).toEqual(
      reference.estimates.map(({ interval }) => interval?.low ?? null),
    )
    const none = await compare({ evaluationIds: [sample.id], filter: { search: 'nowhere' } })
    expect(none).toMatchObject({ cases: 0, notes: ['No case fits the filter.'] })
    expect(none.estimates.every((e: { mean: null }) => e.mean === null)).toBe(true)
  })
})

describe('several evaluations', () => {
  it('stand side by side on the cases that they share', async () => {
    const places = Array.from({ length: 30 }, (_, index) => index + 10)
    const other = await writeSampleEvaluation(api, {
      ...{ arms: [{ name: 'rome', method: 'rome' }], datasetId: sample.datasetId, places, seed: 2 },
    })
    const found = await compare({ evaluationIds: [sample.id, other.id] })
    expect(found).toMatchObject({ shared: false, cases: 40, refusal: null })
    expect(found.arms.map(({ label }: { label: string }) => label)).toEqual([
      'rome · sample 1',
      'shift',
      'base',
      'rome · sample 2',
    ])
    expect(found.notes[0]).toContain('30 of 40')
    const pair = found.differences.find(
      (d: { firstArmId: string; secondArmId: string; metric: string }) =>
        d.firstArmId === sample.armIds[1] && d.secondArmId === other.armIds[0] && d.metric === 'EM',
    )
    const chosen = new Set(places.map((place) => `case-${place}`))
    const rows = [...sample.rows.filter(({ method }) => method === 'shift'), ...other.rows]
    const reference = referenceOf(
      'counterfact',
      rows.filter(({ caseId }) => chosen.has(caseId)),
      other.cases,
      { resamples: 10_000, side: 'after' },
    ).comparisons.find(({ metric }) => metric === 'EM')
    expect(pair).toMatchObject({ difference: reference!.difference, n: 30, p: reference!.p })
    const own = found.estimates.find((e: { armId: string }) => e.armId === other.armIds[0])
    expect(own).toMatchObject({ n: 30, missing: 0 })
  })

  it('that overlap count the unedited model over the cases of both', async () => {
    const some = async (from: number, seed: number) => {
      const places = Array.from({ length: 10 }, (_, index) => index + from)
      return writeSampleEvaluation(api, {
        ...{ arms: [{ name: 'rome', method: 'rome' }], datasetId: sample.datasetId, places, seed },
      })
    }
    const [low, high] = [await some(0, 11), await some(5, 12)]
    for (const armIds of [undefined, low.armIds]) {
      const input = { evaluationIds: [low.id, high.id], metrics: ['ES'], armIds }
      const { before } = await compare(input)
      expect(before).toMatchObject([{ metric: 'ES', n: 15, missing: 0 }])
    }
  })

  it('are refused by name where they measure different things', async () => {
    const { datasetId } = sample
    const one = (options: object) =>
      writeSampleEvaluation(api, { arms: [arms[2]!], datasetId, ...options })
    const zsre = await one({ protocol: 'zsre' })
    const elsewhere = await writeSampleEvaluation(api, { arms: [arms[2]!] })
    const texts = await one({ settings: { generation: { length: 100, topK: 5 } } })
    const longer = await one({ settings: { generation: { length: 200, topK: 5 } } })
    const [low, high] = [await one({ places: [0, 1] }), await one({ places: [2, 3] })]
    const refusals: [string[], string][] = [
      [[sample.id, zsre.id], 'PROTOCOL_MISMATCH'],
      [[sample.id, elsewhere.id], 'DATASET_MISMATCH'],
      [[texts.id, longer.id], 'SETTINGS_MISMATCH'],
      [[low.id, high.id], 'NO_SHARED_CASES'],
    ]
    for (const [evaluationIds, code] of refusals) {
      const found = await compare({ evaluationIds })
      expect(found).toMatchObject({ refusal: { code }, estimates: [], arms: [] })
      expect(found.refusal.reasons).toHaveLength(2)
    }
    expect((await compare({ evaluationIds: [sample.id, texts.id] })).refusal).toBeNull()
  })

  it('refuse what is not there', async () => {
    const wrong: object[] = [
      { evaluationIds: [] },
      { evaluationIds: ['nonsense'] },
      { evaluationIds: [sample.id], armIds: ['nonsense'] },
      { evaluationIds: [sample.id], metrics: ['fame'] },
      {
        evaluationIds: [sample.id],
        filter: { ranges: [{ armId: sample.armIds[0], metric: 'S' }] },
      },
    ]
    for (const input of wrong) {
      const { errors } = await api.graphql(query, { input })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
    }
  })

  it('two arms are compared by name for scripts', async () => {
    const script = `query($id: ID!, $a: String!) { compareMethods(evaluationId: $id, firstArm: $a, secondArm: "base") { metric difference n p } }`
    const { data } = await api.graphql(script, { id: sample.id, a: 'rome' })
    const rows = sample.rows.filter(({ method }) => method !== 'shift')
    const reference = referenceOf('counterfact', rows, sample.cases, {
      resamples: 10_000,
      side: 'after',
    })
    expect(data.compareMethods).toEqual(
      reference.comparisons.map(({ metric, difference, n, p }) => ({ metric, difference, n, p })),
    )
    const { errors } = await api.graphql(script, { id: sample.id, a: 'nobody' })
    expect(errors?.[0]?.message).toContain('Use: rome, shift, base')
  })
})
