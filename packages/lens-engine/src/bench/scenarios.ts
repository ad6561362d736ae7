// What the benchmark measures: name, prompt length, what is asked of the lens, and the limits it must keep.
import type { LensRequest } from '../lens/lens-result.js'

export interface Limits {
  readonly loadMilliseconds?: number
  readonly medianMilliseconds?: number
  /** Peak resident memory allowed beyond 1.3 x the weights. */
  readonly memoryBeyondWeights?: number
}

export interface Scenario {
  readonly name: string
  readonly positions: number
  readonly work: 'forward' | 'forward and backward' | 'lens'
  /** Settings of the lens besides prompt and target. */
  readonly settings: Partial<LensRequest>
  readonly runs: number
  readonly limits: Limits
  /** Milliseconds of the early prototype in docs/architecture.md, where it measured the same thing. */
  readonly prototype?: string
}

const projectionOnly = {
  hiddenStates: false,
  imprint: false,
  gradientRank: false,
  gradientCheck: false,
} as const satisfies Partial<LensRequest>

const megabytes = 1e6

const base = { positions: 10, work: 'lens', settings: projectionOnly, limits: {} } as const

/** Every scenario, quick ones first; `runs` is at least 10 except for 200 tokens. */
export function makeScenarios(quick: boolean): readonly Scenario[] {
  const runs = quick ? 5 : 15
  const slowRuns = quick ? 2 : 10
  const scenarios: readonly Scenario[] = [
    { ...base, name: 'forward', work: 'forward', runs, prototype: '28' },
    {
      ...base,
      name: 'forward, backward, all X and Delta',
      work: 'forward and backward',
      runs,
      prototype: '79',
    },
    {
      ...base,
      name: 'two MLP factors (240 vectors)',
      settings: { ...projectionOnly, matrices: ['mlp.up', 'mlp.down'] },
      runs,
      limits: {
        loadMilliseconds: 600,
        medianMilliseconds: 190,
        memoryBeyondWeights: 300 * megabytes,
      },
      prototype: '177',
    },
    {
      ...base,
      name: 'all projectable factors (480 vectors)',
      runs,
      limits: {
        loadMilliseconds: 600,
        medianMilliseconds: 320,
        memoryBeyondWeights: 300 * megabytes,
      },
    },
    { ...base, name: 'everything', settings: {}, runs },
    ...[50, 200].map((positions): Scenario => ({
      ...base,
      name: 'forward, backward, all X and Delta',
      work: 'forward and backward',
      positions,
      runs: slowRuns,
      prototype: positions === 50 ? '150-230' : '700-950',
    })),
    { ...base, name: 'all projectable factors', positions: 50, runs: slowRuns },
    {
      ...base,
      name: 'all projectable factors',
      positions: 200,
      runs: slowRuns,
      limits: { memoryBeyondWeights: 900 * megabytes },
    },
    {
      ...base,
      name: 'everything',
      positions: 200,
      settings: {},
      runs: quick ? 1 : 3,
      limits: { memoryBeyondWeights: 900 * megabytes },
    },
  ]
  return quick ? scenarios.filter(({ positions }) => positions <= 50) : scenarios
}
