import { describe, expect, it } from 'vitest'
import {
  layerName,
  lensRows,
  pairTokens,
  shareOf,
  verdictOf,
  worstGrowth,
  type LayerEffect,
  type NextToken,
  type PromptEffect,
} from './effect-model'

const next = (id: number, change: Partial<NextToken> = {}): NextToken => ({
  top: [{ id, text: ` t${id}`, probability: 0.9, logit: 4 }],
  targetProbability: 0.1,
  targetRank: 3,
  truthProbability: 0.9,
  truthRank: 0,
  argmaxIsTarget: false,
  argmaxIsTruth: true,
  entropy: 1,
  ...change,
})

const prompt = (change: Partial<PromptEffect>): PromptEffect => ({
  kind: 'REWRITE',
  prompt: 'p',
  target: ' Berlin',
  truth: ' Paris',
  before: next(1),
  after: next(2),
  divergence: 1,
  predictedLogitChange: null,
  measuredLogitChange: null,
  ...change,
})

describe('verdicts', () => {
  it('of a prompt that shall change', () => {
    const says = prompt({ after: next(2, { argmaxIsTarget: true }) })
    const prefers = prompt({ after: next(3, { targetProbability: 0.4, truthProbability: 0.1 }) })
    expect([says, prefers, prompt({})].map((each) => verdictOf(each).tone)).toEqual([
      'good',
      'part',
      'bad',
    ])
  })

  it('of a neighbor', () => {
    const kind = 'NEIGHBORHOOD' as const
    expect(verdictOf(prompt({ kind, after: next(1) })).label).toBe('kept')
    expect(verdictOf(prompt({ kind })).label).toBe('changed')
    const leaked = prompt({ kind, after: next(2, { argmaxIsTarget: true }) })
    expect(verdictOf(leaked).label).toBe('leaked')
  })

  it.each([null, false])(
    'of a prompt that is only asked, target reached or not: %s',
    (argmaxIsTarget) => {
      const blank = { argmaxIsTarget }
      const asked = (id: number) => prompt({ kind: 'ASKED', after: next(id, blank) })
      expect(verdictOf(asked(1)).label).toBe('same answer')
      expect(verdictOf(asked(5)).label).toBe('other answer')
    },
  )

  it('are counted by kind', () => {
    const prompts = [
      prompt({ kind: 'NEIGHBORHOOD', after: next(1) }),
      prompt({ kind: 'NEIGHBORHOOD' }),
      prompt({}),
    ]
    expect(shareOf(prompts, 'NEIGHBORHOOD')).toEqual({ good: 1, of: 2 })
    expect(shareOf(prompts, 'PARAPHRASE')).toEqual({ good: 0, of: 0 })
  })
})

describe('before and after', () => {
  it('pairs the tokens of both', () => {
    const token = (id: number, probability: number) => ({
      id,
      text: `${id}`,
      probability,
      logit: 0,
    })
    const before = next(0, { top: [token(1, 0.7), token(2, 0.2)] })
    const after = next(0, { top: [token(2, 0.6), token(3, 0.3)] })
    expect(pairTokens(before, after, 8).map((pair) => [pair.id, pair.before, pair.after])).toEqual([
      [1, 0.7, null],
      [2, 0.2, 0.6],
      [3, null, 0.3],
    ])
    expect(pairTokens(before, after, 1)).toHaveLength(1)
  })

  it('shows the last layer first and names the embedding', () => {
    const layers = [-1, 0, 1].map((layer) => ({ layer }) as LayerEffect)
    expect(lensRows(layers).map(({ layer }) => layerName(layer))).toEqual(['1', '0', 'embed'])
  })

  it('finds the strongest change', () => {
    const rows = [
      { level: 'FINE', spectral: 0.9 },
      { level: 'LARGE', spectral: 1.1 },
      { level: 'LARGE', spectral: 2.1 },
    ] as const
    expect(worstGrowth(rows)).toBe(rows[2])
    expect(worstGrowth([])).toBeNull()
  })
})
