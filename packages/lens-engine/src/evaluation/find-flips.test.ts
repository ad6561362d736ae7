// Prompts on which two edits differ, worked out by hand.
import { describe, expect, it } from 'vitest'
import type { ResultRecord } from './evaluation-record.js'
import { findFlips } from './find-flips.js'
import type { PromptKind } from './metrics/case-row.js'

/** Nats per token of both targets, and whether each is the most probable text. */
type Said = readonly [newNll: number, newRight: boolean, trueNll: number, trueRight: boolean]

const prompt = (kind: PromptKind, index: number, [a, right, b, kept]: Said) => {
  const target = (nll: number, correct: boolean) => ({
    nll,
    tokens: 1,
    correct: [correct],
    argmax: [0],
  })
  const both = { new: target(a, right), true: target(b, kept) }
  return { kind, index, before: both, after: both, klToBase: null }
}

const row = (caseId: string, method: string, prompts: readonly unknown[]) =>
  ({ kind: 'row', caseId, relation: 'r', method, prompts }) as unknown as ResultRecord

const rows = [
  row('1', 'a', [
    prompt('rewrite', 0, [0.1, true, 3, false]),
    prompt('paraphrase', 0, [2, false, 1, false]),
    prompt('paraphrase', 1, [0.1, true, 3, false]),
    prompt('neighborhood', 0, [3, false, 0.1, true]),
  ]),
  row('1', 'b', [
    prompt('neighborhood', 0, [2, false, 1, false]),
    prompt('rewrite', 0, [0.2, true, 3, false]),
    prompt('paraphrase', 0, [0.5, true, 1, false]),
    prompt('paraphrase', 1, [1, false, 3, false]),
  ]),
  row('2', 'a', [prompt('rewrite', 0, [0.1, true, 3, false])]),
  { kind: 'failure', caseId: '2', relation: 'r', method: 'b' } as unknown as ResultRecord,
]

describe('flips between two arms', () => {
  it('are the prompts whose most probable text is right under one edit only', () => {
    const { flips, counts } = findFlips(rows, ['a', 'b'], 'argmax')
    const common = { caseId: '1', relation: 'r' }
    expect(flips).toEqual([
      { ...common, kind: 'paraphrase', index: 0, first: false, second: true },
      { ...common, kind: 'paraphrase', index: 1, first: true, second: false },
      { ...common, kind: 'neighborhood', index: 0, first: true, second: false },
    ])
    expect(counts).toEqual([
      { kind: 'rewrite', compared: 1, onlyFirst: 0, onlySecond: 0 },
      { kind: 'paraphrase', compared: 2, onlyFirst: 1, onlySecond: 1 },
      { kind: 'neighborhood', compared: 1, onlyFirst: 1, onlySecond: 0 },
    ])
  })

  it('are fewer where only the preference between the two targets counts', () => {
    const { flips } = findFlips(rows, ['a', 'b'], 'preference')
    expect(flips.map(({ kind, index, second }) => [kind, index, second])).toEqual([
      ['paraphrase', 0, true],
    ])
  })

  it('are the other way round for the arms the other way round', () => {
    const there = findFlips(rows, ['a', 'b'], 'argmax').flips
    const back = findFlips(rows, ['b', 'a'], 'argmax').flips
    const key = (one: (typeof there)[number]) => `${one.kind} ${one.index}`
    expect(back.map(key).sort()).toEqual(there.map(key).sort())
    for (const flip of back) {
      const twin = there.find((one) => key(one) === key(flip))
      expect([flip.first, flip.second]).toEqual([twin?.second, twin?.first])
    }
  })

  it('are refused for an arm that is not there', () => {
    expect(() => findFlips(rows, ['a', 'c'], 'argmax')).toThrowError(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    )
  })
})
