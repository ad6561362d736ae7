import { describe, expect, it } from 'vitest'
import { LensEngineError } from '../../errors.js'
import { fitTfidf } from '../text/tfidf.js'
import type { CaseRow, PromptKind, PromptRow, TargetReading } from './case-row.js'
import { averageMetric, compareMetrics, deriveMetric } from './metric-value.js'
import { buildProtocolTable, joinTables, summarizeProtocol } from './protocol-table.js'
import { metricLabel, protocolNames, protocols, type MetricName } from './protocols.js'
import type { ProtocolDefinition, ProtocolName } from './protocols.js'
import { publishedTables } from './published-tables.js'

const reading = (nll: number, correct: boolean[], argmax = correct.map(Number)): TargetReading => ({
  nll,
  tokens: correct.length,
  correct,
  argmax,
})

const prompt = (
  kind: PromptKind,
  index: number,
  after: [TargetReading, TargetReading],
  before: [TargetReading, TargetReading] = after,
): PromptRow => ({
  kind,
  index,
  before: { new: before[0], true: before[1] },
  after: { new: after[0], true: after[1] },
  klToBase: kind === 'neighborhood' ? 0.5 : null,
})

const noTexts = { generations: null, references: null, perplexity: null }

/** New target of two tokens, true target of one; worked out by hand below. */
const row: CaseRow = {
  caseId: '7',
  relation: 'P20',
  method: 'rome',
  prompts: [
    prompt('rewrite', 0, [reading(2, [true, false]), reading(1.5, [false])]),
    prompt('paraphrase', 0, [reading(0.4, [true, true]), reading(3, [false])]),
    // A tie of the normalised NLL: fails.
    prompt('paraphrase', 1, [reading(4, [false, false]), reading(2, [false])]),
    prompt(
      'neighborhood',
      0,
      [reading(8, [false, false]), reading(1, [true], [5])],
      [reading(8, [false, false]), reading(0.5, [true], [5])],
    ),
    prompt(
      'neighborhood',
      1,
      [reading(1, [false, false]), reading(3, [false], [8])],
      [reading(8, [false, false]), reading(1, [false], [9])],
    ),
  ],
  before: noTexts,
  after: { generations: ['Paris is big. Paris is old.'], references: null, perplexity: 93.5 },
}

const valueOf = <P extends ProtocolName>(protocol: P, metric: MetricName<P>): number => {
  const { value } = deriveMetric(protocol, metric, row)
  if (!value.available) throw new Error(value.reason)
  return value.value
}

const codeOf = (act: () => unknown): string | null => {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof LensEngineError ? error.code : 'untyped'
  }
}

describe('metrics of one row, worked out by hand', () => {
  it('counterfact: NLL per token decides, a tie fails, magnitudes are probability gaps', () => {
    // Rewrite: 2/2 = 1 for the new target against 1.5 for the true one.
    expect(valueOf('counterfact', 'ES')).toBe(100)
    expect(valueOf('counterfact', 'PS')).toBe(50)
    expect(valueOf('counterfact', 'NS')).toBe(50)
    expect(valueOf('counterfact', 'EM')).toBeCloseTo(100 * (Math.exp(-1) - Math.exp(-1.5)), 10)
    const gaps = [Math.exp(-1) - Math.exp(-4), Math.exp(-3) - Math.exp(-0.5)]
    expect(valueOf('counterfact', 'NM')).toBeCloseTo((100 * (gaps[0]! + gaps[1]!)) / 2, 10)
    expect(valueOf('counterfact', 'KL')).toBe(0.5)
  })

  it('backward-lens: every target token must be the most probable', () => {
    expect(valueOf('backward-lens', 'efficacy')).toBe(0)
    expect(valueOf('backward-lens', 'paraphrase')).toBe(50)
    expect(valueOf('backward-lens', 'neighborhood')).toBe(50)
    expect(valueOf('backward-lens', 'perplexity')).toBe(93.5)
    // Words: Paris is big . Paris is old . -- 7 bigrams, one of them twice; 6 trigrams, all different.
    const [bigrams, trigrams] = [Math.log2(7) - 2 / 7, Math.log2(6)]
    expect(valueOf('backward-lens', 'ngramEntropy')).toBeCloseTo(
      (100 * (bigrams + 2 * trigrams)) / 3,
      9,
    )
  })

  it('easyedit: partial credit, and an unchanged wrong answer counts as local', () => {
    expect(valueOf('easyedit', 'rewriteAccuracy')).toBe(50)
    expect(valueOf('easyedit', 'rephraseAccuracy')).toBe(50)
    expect(valueOf('easyedit', 'locality')).toBe(50)
    const { value } = deriveMetric('easyedit', 'locality', row, { side: 'before' })
    expect(value).toEqual({ available: true, value: 100 })
  })

  it('zsre: specificity is accuracy against the gold answer', () => {
    expect(valueOf('zsre', 'efficacy')).toBe(50)
    expect(valueOf('zsre', 'specificity')).toBe(50)
  })

  it('says not available with a reason, never 0', () => {
    const missing = (protocol: ProtocolName, metric: string): unknown =>
      deriveMetric(protocol as 'easyedit', metric as 'portability', row).value
    expect(missing('easyedit', 'portability')).toEqual({
      available: false,
      reason: 'the case has no portability prompts',
    })
    expect(missing('counterfact', 'RS')).toEqual({
      available: false,
      reason: 'no idf file was given',
    })
    const noTrue = { ...row, prompts: [{ ...row.prompts[0]!, after: { new: null, true: null } }] }
    expect(deriveMetric('counterfact', 'ES', noTrue).value).toEqual({
      available: false,
      reason: 'a rewrite prompt lacks a reading',
    })
  })

  it('scores generations against reference texts when an idf is given', () => {
    const tfidf = fitTfidf(['Paris is big', 'London is old'])
    const known = { ...row, after: { ...row.after, references: ['Paris is big. Paris is old.'] } }
    const { value } = deriveMetric('counterfact', 'RS', known, { resources: { tfidf } })
    expect(value).toMatchObject({ available: true })
    expect(value.available && value.value).toBeCloseTo(100, 10)
  })
})

describe('metrics of different protocols do not mix', () => {
  const es = deriveMetric('counterfact', 'ES', row)
  const ps = deriveMetric('counterfact', 'PS', row)
  const reduced = deriveMetric('counterfact-reduced', 'ES', row)

  it('averages and compares equals', () => {
    expect(averageMetric('counterfact', 'ES', [es, es]).value).toEqual({
      available: true,
      value: 100,
    })
    expect(compareMetrics(es, es)).toEqual({ available: true, value: 0 })
  })

  it('refuses others, in the type and at run time', () => {
    // @ts-expect-error another protocol
    expect(codeOf(() => averageMetric('counterfact', 'ES', [es, reduced]))).toBe(
      'PROTOCOL_MISMATCH',
    )
    // @ts-expect-error another metric
    expect(codeOf(() => averageMetric('counterfact', 'ES', [es, ps]))).toBe('PROTOCOL_MISMATCH')
    // @ts-expect-error another protocol
    expect(codeOf(() => compareMetrics(es, reduced))).toBe('PROTOCOL_MISMATCH')
    // @ts-expect-error another metric
    expect(codeOf(() => compareMetrics(es, ps))).toBe('PROTOCOL_MISMATCH')
    // @ts-expect-error a metric the protocol has not
    expect(codeOf(() => deriveMetric('zsre', 'ES', row))).toBe('PROTOCOL_MISMATCH')
    // The score is of means, not of a case.
    expect(codeOf(() => deriveMetric('counterfact', 'S', row))).toBe('PROTOCOL_MISMATCH')
    // @ts-expect-error values are made by deriveMetric alone
    const forged: typeof es = { protocol: 'counterfact', metric: 'ES', value: es.value }
    expect(forged).toBeDefined()
  })

  it('refuses to join tables of different protocols or cases', () => {
    const cases = [{ id: '7', relation: 'P20' }]
    const full = buildProtocolTable('counterfact', [row], { cases })
    const other = buildProtocolTable('zsre', [row], { cases })
    // @ts-expect-error another protocol
    expect(codeOf(() => joinTables(full, other))).toBe('PROTOCOL_MISMATCH')
    const base = buildProtocolTable('counterfact', [{ ...row, method: 'no-edit' }], { cases })
    expect(joinTables(full, base).table.columns.length).toBe(2 * full.table.columns.length)
    const elsewhere = buildProtocolTable('counterfact', [], { cases: [] })
    expect(codeOf(() => joinTables(full, elsewhere))).toBe('BAD_ARGUMENT')
  })
})

describe('protocol tables', () => {
  it('counts cases without a row as missing, and takes S from the means', () => {
    const cases = ['7', '8', '9'].map((id) => ({ id, relation: 'P20' }))
    const rows = [row, { ...row, caseId: '8', method: 'rome' }, { ...row, method: 'ft' }]
    const table = buildProtocolTable('counterfact', rows, { cases })
    const { estimates, comparisons } = summarizeProtocol(table, { seed: 1, resamples: 200 })
    const find = (method: string, metric: string) =>
      estimates.find((one) => one.method === method && one.metric === metric)!
    expect(find('rome', 'ES')).toMatchObject({ mean: 100, n: 2, missing: 1 })
    expect(find('ft', 'ES')).toMatchObject({ n: 1, missing: 2 })
    expect(find('rome', 'S').mean).toBeCloseTo(3 / (1 / 100 + 2 / 50), 10)
    expect(find('rome', 'RS')).toMatchObject({ mean: null, n: 0, missing: 3 })
    expect(comparisons.find(({ metric }) => metric === 'ES')).toMatchObject({ test: 'mcnemar' })
    expect(comparisons.find(({ metric }) => metric === 'PS')).toMatchObject({ test: 'bootstrap' })
  })

  it('refuses a row twice and a row of another case', () => {
    const cases = [{ id: '7', relation: 'P20' }]
    expect(codeOf(() => buildProtocolTable('zsre', [row, row], { cases }))).toBe('BAD_ARGUMENT')
    const other = { ...row, caseId: '8' }
    expect(codeOf(() => buildProtocolTable('zsre', [other], { cases }))).toBe('BAD_ARGUMENT')
  })
})

describe('names', () => {
  it('every label carries its protocol, so "efficacy" never stands alone', () => {
    for (const protocol of protocolNames) {
      const { title, metrics }: ProtocolDefinition = protocols[protocol]
      for (const metric of Object.keys(metrics)) {
        expect(metricLabel(protocol, metric as MetricName<typeof protocol>)).toContain(`${title}: `)
      }
    }
  })

  it('published rows name metrics of their protocol and say what their plus-minus is', () => {
    for (const { protocol, rows, spread } of publishedTables) {
      const { metrics, score }: ProtocolDefinition = protocols[protocol]
      const known = [...Object.keys(metrics), score?.metric]
      for (const { cells } of rows) {
        for (const [metric, [, half]] of Object.entries(cells)) {
          expect(known).toContain(metric)
          if (spread === 'none') expect(half).toBeNull()
        }
      }
    }
  })

  it('published scores are harmonic means of their own means, to the rounding of the table', () => {
    for (const { rows } of publishedTables.filter(({ source }) => source.includes('table 4'))) {
      for (const { cells, model, method } of rows) {
        const [s, es, ps, ns] = ['S', 'ES', 'PS', 'NS'].map(
          (metric) => (cells as Record<string, readonly [number, number | null]>)[metric]![0],
        )
        const score = 3 / (1 / es! + 1 / ps! + 1 / ns!)
        expect(Math.abs(score - s!), `${model} ${method}`).toBeLessThan(0.16)
      }
    }
  })
})
