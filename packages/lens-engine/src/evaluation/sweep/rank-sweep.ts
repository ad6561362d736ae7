// The rows of a sweep -> its combinations, best first, by a stated criterion with its interval.
import { LensEngineError } from '../../errors.js'
import {
  estimateMethods,
  harmonicMean,
  type MethodEstimate,
} from '../../statistics/method-table.js'
import type { MethodTable } from '../../statistics/table-entries.js'
import type { EvaluationArm, ResultRecord } from '../evaluation-record.js'
import { buildProtocolTable, type TableCase } from '../metrics/protocol-table.js'
import { protocols, type ProtocolDefinition, type ProtocolName } from '../metrics/protocols.js'

/** `argmax`: harmonic mean of the argmax accuracies; `score`: the score of the evaluation's protocol. */
export const sweepCriteria = {
  argmax: 'harmonic mean of the argmax accuracies of rewrite, paraphrase and neighborhood prompts',
  score: "the protocol's own score",
} as const

export type SweepCriterion = keyof typeof sweepCriteria

export interface RankedArm {
  readonly arm: EvaluationArm
  readonly criterion: MethodEstimate
  /** The means the criterion is made of, in its order. */
  readonly parts: readonly MethodEstimate[]
}

export interface RankOptions {
  readonly criterion: SweepCriterion
  readonly protocol: ProtocolName
  readonly cases: readonly TableCase[]
  /** Of the bootstrap. */
  readonly seed: number
}

const ARGMAX_PARTS = ['efficacy', 'paraphrase', 'neighborhood'] as const

/**
 * Best first; combinations with failed cases come after those without, since their means are of other cases. Equal ones
 * stay in the order of the grid.
 * @throws BAD_ARGUMENT when the criterion cannot be computed from these cases or under this protocol
 */
export function rankSweep(
  arms: readonly EvaluationArm[],
  records: readonly ResultRecord[],
  options: RankOptions,
): readonly RankedArm[] {
  const rows = records.filter((one) => one.kind === 'row')
  const { metric, of, protocol } = criterionOf(options)
  const built = buildProtocolTable(protocol, rows, { cases: options.cases }).table
  const table: MethodTable = {
    ...built,
    columns: built.columns.filter((column) => of.includes(column.metric)),
    combined: [{ metric, of, combine: harmonicMean }],
  }
  const estimates = estimateMethods(table, { seed: options.seed })
  const find = (name: string, wanted: string): MethodEstimate =>
    estimates.find((one) => one.method === name && one.metric === wanted) ??
    noEstimate(name, wanted, options.cases.length)
  const ranked = arms.map((arm): RankedArm => ({
    arm,
    criterion: find(arm.name, metric),
    parts: of.map((part) => find(arm.name, part)),
  }))
  if (ranked.every(({ criterion }) => criterion.mean === null)) throw notComputable(options)
  return ranked.sort(
    (a, b) =>
      a.criterion.missing - b.criterion.missing ||
      (b.criterion.mean ?? -1) - (a.criterion.mean ?? -1),
  )
}

function criterionOf({ criterion, protocol }: RankOptions): {
  readonly metric: string
  readonly of: readonly string[]
  readonly protocol: ProtocolName
} {
  if (criterion === 'argmax') {
    return { metric: 'harmonic mean', of: ARGMAX_PARTS, protocol: 'backward-lens' }
  }
  const { score, title }: ProtocolDefinition = protocols[protocol]
  if (score !== null) return { ...score, protocol }
  throw new LensEngineError('BAD_ARGUMENT', `the protocol ${title} has no score`, {
    details: { protocol },
    cure: 'Use --criterion argmax, or a protocol with a score, such as counterfact.',
  })
}

const noEstimate = (method: string, metric: string, missing: number): MethodEstimate => {
  const none = { mean: null, interval: null, wilson: null, published: null }
  return { method, metric, ...none, n: 0, missing }
}

const notComputable = ({ criterion, protocol }: RankOptions): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', 'no combination has a value of the criterion', {
    details: { criterion, protocol },
    cure: 'Every case must have paraphrases and neighborhood prompts with a true answer; the file of results names failures.',
  })
