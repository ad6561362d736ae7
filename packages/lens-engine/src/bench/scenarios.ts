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

const shortLimits = { loadMilliseconds: 600, memoryBeyondWeights: 300 * megabytes } as const

/** 200 tokens may take 600 MB more than 10. */
const longLimits = { memoryBeyondWeights: 900 * megabytes } as const

type Plan = Omit<Scenario, 'runs'>

const passes = 'forward, backward, all X and Delta'

const plans: readonly Plan[] = [
  { ...base, name: 'forward', work: 'forward', prototype: '28' },
  { ...base, name: passes, work: 'forward and backward', prototype: '79' },
  {
    ...base,
    name: 'two MLP factors (240 vectors)',
    settings: { ...projectionOnly, matrices: ['mlp.up', 'mlp.down'] },
    limits: { ...shortLimits, medianMilliseconds: 190 },
    prototype: '177',
  },
  {
    ...base,
    name: 'all projectable factors (480 vectors)',
    limits: { ...shortLimits, medianMilliseconds: 320 },
  },
  { ...base, name: 'everything', settings: {} },
  { ...base, name: passes, work: 'forward and backward', positions: 50, prototype: '150-230' },
  { ...base, name: 'all projectable factors', positions: 50 },
  { ...base, name: passes, work: 'forward and backward', positions: 200, prototype: '700-950' },
  { ...base, name: 'all projectable factors', positions: 200, limits: longLimits },
  { ...base, name: 'everything', positions: 200, settings: {} },
]

/** Runs of a scenario after the first; long prompts take seconds each. */
function runsOf({ positions, work }: Plan, quick: boolean): number {
  const slow = positions === 200 && work === 'lens'
  if (quick) return slow ? 1 : 5
  return slow ? 3 : 15
}

/** Every scenario, quick ones first. `quick` leaves out prompts of 200 tokens and most repetitions. */
export function makeScenarios(quick: boolean): readonly Scenario[] {
  return plans
    .filter(({ positions }) => !quick || positions <= 50)
    .map((plan) => ({ ...plan, runs: runsOf(plan, quick) }))
}
