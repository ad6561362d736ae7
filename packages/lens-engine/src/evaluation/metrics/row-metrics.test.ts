// Vectors of metrics against tables built from the rows themselves, and the numbers of prompts.
import { describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../../datasets/evaluation-case.js'
import { createRandom } from '../../tensor/seeded-random.js'
import type { CaseRow, PromptKind, PromptRow, TargetReading, TextReading } from './case-row.js'
import { fitsProtocol } from './fits-protocol.js'
import { buildProtocolTable, metricTable, summarizeProtocol } from './protocol-table.js'
import { summarizeRelations } from './protocol-table.js'
import { protocolNames, protocols, type ProtocolDefinition } from './protocols.js'
import { promptNumbers, protocolMetrics, rowMetrics } from './row-metrics.js'

const random = createRandom('rows of metrics')

function randomReading(): TargetReading {
  const tokens = 1 + random.nextInteger(3)
  const correct = Array.from({ length: tokens }, () => random.nextInteger(2) === 1)
  const argmax = correct.map(() => random.nextInteger(4))
  return { nll: tokens * random.nextInteger(1000) * 0.004, tokens, correct, argmax }
}

const randomPrompt = (kind: PromptKind, index: number): PromptRow => ({
  kind,
  index,
  before: { new: randomReading(), true: randomReading() },
  // One prompt in ten lacks a target.
  after: { new: randomReading(), true: random.nextInteger(10) === 0 ? null : randomReading() },
  klToBase: kind === 'neighborhood' ? random.nextInteger(100) / 7 : null,
})

const texts = (some: boolean): TextReading => ({
  generations: some ? ['Paris is big. Paris is old.', 'Rome is not built yet, they say.'] : null,
  references: null,
  perplexity: null,
})

const randomRow = (caseId: string, relation: string, method: string): CaseRow => ({
  caseId,
  relation,
  method,
  prompts: [
    randomPrompt('rewrite', 0),
    ...[0, 1].map((index) => randomPrompt('paraphrase', index)),
    ...[0, 1, 2].map((index) => randomPrompt('neighborhood', index)),
  ],
  before: texts(true),
  after: texts(random.nextInteger(3) > 0),
})

const cases = Array.from({ length: 40 }, (_, index) => ({
  id: `${index}`,
  relation: ['capital', 'currency', 'river'][index % 3] as string,
}))
const methods = ['rome', 'forward-shift', 'no-edit']
const rows = methods.flatMap((method) =>
  cases
    .filter((_, index) => method !== 'rome' || index % 7 !== 0)
    .map(({ id, relation }) => randomRow(id, relation, method)),
)

describe('vectors of metrics', () => {
  it.each(protocolNames)('%s: make the table and the statistics that the rows make', (protocol) => {
    const names = protocolMetrics(protocol).map(({ name }) => name)
    expect(names).toEqual(Object.keys(protocols[protocol].metrics))
    for (const side of ['after', 'before'] as const) {
      const built = buildProtocolTable(protocol, rows, { cases, side })
      const vectors = methods.map((method) => {
        const values = new Float64Array(cases.length * names.length).fill(NaN)
        for (const row of rows.filter((one) => one.method === method)) {
          const place = cases.findIndex(({ id }) => id === row.caseId)
          values.set(rowMetrics(protocol, row, side), place * names.length)
        }
        return { method, values }
      })
      const table = metricTable(protocol, cases, vectors)
      expect(JSON.stringify(table)).toBe(JSON.stringify(built))
      const options = { seed: 5, resamples: 200 }
      expect(summarizeProtocol(table, options)).toEqual(summarizeProtocol(built, options))
      expect(summarizeRelations(table, options)).toEqual(summarizeRelations(built, options))
    }
  })

  it('are refused by name when their length is wrong or a method stands twice', () => {
    const values = new Float64Array(cases.length * 3)
    const short = { method: 'rome', values: values.slice(1) }
    expect(() => metricTable('zsre', cases, [short])).toThrow(/values of rome are 119 numbers/)
    const twice = { method: 'rome', values }
    expect(() => metricTable('zsre', cases, [twice, twice])).toThrow(/stand twice/)
  })
})

describe('what tables say of a metric', () => {
  it('is a sentence for every metric of every protocol, and a unit that fits the scale', () => {
    for (const protocol of protocolNames) {
      const { description }: ProtocolDefinition = protocols[protocol]
      expect(description).toMatch(/^[A-Z].*\.$/)
      for (const metric of protocolMetrics(protocol)) {
        expect(metric.description, metric.name).toMatch(/^[A-Z].*\.$/)
        if (metric.unit === '%') expect(metric.scale).toBe(100)
        expect(metric).not.toHaveProperty('of')
      }
    }
  })
})

describe('numbers of prompts', () => {
  it('are probabilities of whole targets, and verdicts on the wanted one', () => {
    const reading = (nll: number, correct: boolean[]): TargetReading => ({
      nll,
      tokens: correct.length,
      correct,
      argmax: correct.map(Number),
    })
    const prompt = (kind: PromptKind): PromptRow => ({
      kind,
      index: 1,
      before: { new: reading(4, [true, false]), true: reading(0.5, [true]) },
      after: { new: reading(0, [true, true]), true: null },
      klToBase: 0.25,
    })
    const row = { ...(rows[0] as CaseRow), prompts: [prompt('paraphrase'), prompt('neighborhood')] }
    const shared = {
      index: 1,
      newBefore: Math.exp(-4),
      newAfter: 1,
      trueBefore: Math.exp(-0.5),
      trueAfter: null,
      klToBase: 0.25,
    }
    expect(promptNumbers(row)).toEqual([
      { ...shared, kind: 'paraphrase', correctBefore: false, correctAfter: true },
      { ...shared, kind: 'neighborhood', correctBefore: true, correctAfter: null },
    ])
  })
})

describe('cases and protocols', () => {
  const one: EvaluationCase = {
    id: '1',
    request: { prompt: '{} is in', subject: 'Rome', targetNew: 'Spain', targetTrue: 'Italy' },
    relation: { id: 'country', source: 'record' },
    paraphrases: [],
    neighbors: [],
    generationPrompts: [],
  }

  it('fit where the prompt of the edit can be scored', () => {
    for (const protocol of protocolNames) expect(fitsProtocol(protocol, one)).toBeNull()
    const taught = { ...one, request: { ...one.request, targetTrue: null } }
    const fitting = protocolNames.filter((protocol) => fitsProtocol(protocol, taught) === null)
    expect(fitting).toEqual(['backward-lens', 'easyedit', 'zsre'])
    expect(fitsProtocol('counterfact', taught)).toMatch(/no true target/)
    const fact = { ...one, request: { ...one.request, targetNew: null } }
    for (const protocol of protocolNames) {
      expect(fitsProtocol(protocol, fact)).toMatch(/asks for no edit/)
    }
  })
})
