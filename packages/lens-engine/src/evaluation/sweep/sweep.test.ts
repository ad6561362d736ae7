// A grid -> its combinations or a refusal; rows -> a ranking worked out by hand.
import { describe, expect, it } from 'vitest'
import { gpt2 } from '../../architectures/gpt2.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { EvaluationArm, RowRecord } from '../evaluation-record.js'
import type { PromptKind, TargetReading } from '../metrics/case-row.js'
import { rankSweep, type RankOptions } from './rank-sweep.js'
import { expandGrid, SWEEP_LIMIT, type SweepGrid } from './sweep-grid.js'

const model = {
  shape: { family: 'gpt2', layers: 12, width: 768 },
  architecture: gpt2,
  files: { weightsDigest: 'none' },
} as unknown as LoadedModel

const expand = (grid: Parameters<typeof expandGrid>[2]) => expandGrid(model, 'forward-shift', grid)

describe('a grid', () => {
  it('becomes every combination, the last name varying fastest', () => {
    const arms = expand(
      new Map([
        ['layer', [3, 4]],
        ['learningRate', [0.1, 0.2, 0.3]],
      ]),
    )
    expect(arms.map(({ name }) => name)).toEqual([
      'layer=3 learningRate=0.1',
      'layer=3 learningRate=0.2',
      'layer=3 learningRate=0.3',
      'layer=4 learningRate=0.1',
      'layer=4 learningRate=0.2',
      'layer=4 learningRate=0.3',
    ])
    expect(arms[4]?.hyperparameters).toEqual({ layer: 4, learningRate: 0.2 })
    const lists = expandGrid(model, 'sgd', new Map([['layers', [[1], [1, 2]]]]))
    expect(lists.map(({ name }) => name)).toEqual(['layers=[1]', 'layers=[1,2]'])
  })

  const refusals: readonly (readonly [string, SweepGrid, string])[] = [
    ['an unknown name', new Map([['depth', [1]]]), 'depth'],
    ['a layer the model does not have', new Map([['layer', [3, 12]]]), 'layer is 12'],
    ['a value of another kind', new Map([['learningRate', ['fast']]]), 'learningRate'],
    ['no names', new Map(), 'empty'],
    ['a name without values', new Map([['layer', []]]), 'no value'],
    ['a value that stands twice', new Map([['layer', [3, 4, 3]]]), 'twice'],
    [
      'too many combinations',
      new Map([
        ['layer', [...Array(12).keys()]],
        ['learningRate', Array.from({ length: 42 }, (_, index) => index / 100)],
      ]),
      '504 combinations',
    ],
  ]
  it.each(refusals)('is refused with %s', (_what, grid, message) => {
    expect(() => expand(grid)).toThrowError(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining(message) as string,
      }),
    )
    expect(SWEEP_LIMIT).toBe(500)
  })
})

const reading = (correct: boolean): TargetReading => ({
  nll: correct ? 0.1 : 5,
  tokens: 1,
  correct: [correct],
  argmax: [Number(correct)],
})

/** What is right after the edit, prompt by prompt. */
const row = (caseId: string, method: string, right: Readonly<Record<string, boolean[]>>) => {
  const prompts = Object.entries(right).flatMap(([kind, verdicts]) =>
    verdicts.map((verdict, index) => {
      const both =
        kind === 'neighborhood'
          ? { new: reading(false), true: reading(verdict) }
          : { new: reading(verdict), true: reading(!verdict) }
      return { kind: kind as PromptKind, index, before: both, after: both, klToBase: null }
    }),
  )
  const text = { generations: null, references: null, perplexity: null }
  return { kind: 'row', caseId, relation: 'r', method, prompts, before: text, after: text }
}

const armOf = (name: string): EvaluationArm => ({
  name,
  method: 'rome',
  hyperparameters: {},
  defaults: '',
})

describe('a ranking', () => {
  const cases = ['1', '2'].map((id) => ({ id, relation: 'r' }))
  const options: RankOptions = { criterion: 'argmax', protocol: 'counterfact', cases, seed: 0 }
  const rows = [
    row('1', 'low', { rewrite: [true], paraphrase: [true, false], neighborhood: [true, false] }),
    row('2', 'low', { rewrite: [false], paraphrase: [true, false], neighborhood: [true, false] }),
    row('1', 'high', { rewrite: [true], paraphrase: [true, true], neighborhood: [true, true] }),
    row('2', 'high', { rewrite: [true], paraphrase: [true, false], neighborhood: [false, true] }),
    row('1', 'part', { rewrite: [true], paraphrase: [true, true], neighborhood: [true, true] }),
    row('1', 'none', { rewrite: [false], paraphrase: [false], neighborhood: [true, true] }),
    row('2', 'none', { rewrite: [false], paraphrase: [false], neighborhood: [true, true] }),
  ] as unknown as readonly RowRecord[]
  const arms = ['none', 'part', 'low', 'high'].map(armOf)

  it('is by the harmonic mean, those with failed cases last', () => {
    const ranked = rankSweep(arms, rows, options)
    expect(ranked.map(({ arm }) => arm.name)).toEqual(['high', 'low', 'none', 'part'])
    const [high, low, none, part] = ranked
    expect(high?.parts.map(({ mean }) => mean)).toEqual([100, 75, 75])
    expect(high?.criterion.mean).toBeCloseTo(3 / (1 / 100 + 2 / 75), 9)
    expect(low?.criterion.mean).toBeCloseTo(50, 9)
    expect(none?.criterion.mean).toBe(0)
    expect(part?.criterion).toMatchObject({ n: 1, missing: 1 })
  })

  it("is by the protocol's score where that is asked for, and refused where there is none", () => {
    const ranked = rankSweep(arms, rows, { ...options, criterion: 'score' })
    expect(ranked[0]?.arm.name).toBe('high')
    expect(ranked[0]?.parts.map(({ metric }) => metric)).toEqual(['ES', 'PS', 'NS'])
    const wrong = { ...options, criterion: 'score', protocol: 'backward-lens' } as const
    expect(() => rankSweep(arms, rows, wrong)).toThrowError(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    )
  })

  it('is refused when no combination has a value', () => {
    expect(() => rankSweep(arms, [], options)).toThrowError(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    )
  })
})
