// A ranked sweep -> lines for people, and the sentence that stays with the hyperparameters that are kept.
import type { RecordRange } from '../datasets/record-range.js'
import type { HeaderRecord, TimingRecord } from '../evaluation/evaluation-record.js'
import {
  sweepCriteria,
  type RankedArm,
  type SweepCriterion,
} from '../evaluation/sweep/rank-sweep.js'
import type { MethodEstimate } from '../statistics/method-table.js'
import type { TableStyle } from './lens-table.js'
import { formatColumns } from './terminal-text.js'

/** What was asked for. */
export interface SweepChoices {
  readonly criterion: SweepCriterion
  readonly records?: RecordRange
  readonly out: string
}

export interface SweepOutcome {
  readonly timings: readonly TimingRecord[]
  /** Where the best was kept, or null. */
  readonly saved: string | null
}

const ROWS_SHOWN = 25

export function describeSweep(
  flags: SweepChoices,
  header: HeaderRecord,
  ranked: readonly RankedArm[],
  { timings, saved }: SweepOutcome,
  { paint }: TableStyle,
): readonly string[] {
  const [best] = ranked as readonly [RankedArm]
  const { dataset, model, seed } = header
  const parts = best.parts.map(({ metric }) => metric)
  const rows = ranked
    .slice(0, ROWS_SHOWN)
    .map(({ arm, criterion, parts: means }) => [
      arm.name,
      withInterval(criterion),
      ...means.map(({ mean }) => one(mean)),
      `${criterion.n}, ${criterion.missing}`,
      seconds(timings, arm.name),
    ])
  const head = ['combination', flags.criterion, ...parts, 'n, missing', 'seconds an edit']
  const more = ranked.length - rows.length
  return [
    paint(
      `${best.arm.method} on ${dataset.cases} cases of ${dataset.file}, seed ${seed}, model ${model.name}`,
      'bold',
    ),
    `sorted by ${flags.criterion}: ${sweepCriteria[flags.criterion]} [95% bootstrap interval over cases]`,
    '',
    ...formatColumns([head, ...rows], paint),
    ...(more > 0 ? [`and ${more} more in ${flags.out}`] : []),
    '',
    `best: ${best.arm.name}: ${describeArm(best, withInterval)}`,
    saved === null
      ? '--save makes it the default for this model'
      : `the default for this model from now on: ${saved}`,
  ]
}

/** Where the hyperparameters come from, in one sentence. */
export function sourceOf(
  flags: SweepChoices,
  { arms, dataset, seed }: HeaderRecord,
  best: RankedArm,
): string {
  const { records } = flags
  const places = records === undefined ? '' : ` (records ${records.first} to ${records.last})`
  const names = Object.keys(best.arm.hyperparameters)
    .filter(
      (name) => new Set(arms.map((arm) => JSON.stringify(arm.hyperparameters[name]))).size > 1,
    )
    .join(', ')
  const of = names === '' ? '' : ` of ${names}`
  return `lens sweep, ${arms.length} combinations${of} on ${dataset.cases} cases of ${dataset.file}${places}, seed ${seed}: ${describeArm(best, ({ mean }) => one(mean))}`
}

const describeArm = (
  { criterion, parts }: RankedArm,
  show: (estimate: MethodEstimate) => string,
): string =>
  `${criterion.metric} ${show(criterion)} (${parts.map((part) => `${part.metric} ${show(part)}`).join(', ')})`

function withInterval({ mean, interval }: MethodEstimate): string {
  if (mean === null) return 'not available'
  return interval === null
    ? one(mean)
    : `${one(mean)} [${one(interval.low)}, ${one(interval.high)}]`
}

const one = (value: number | null): string => (value === null ? '-' : value.toFixed(1))

function seconds(timings: readonly TimingRecord[], arm: string): string {
  const own = timings.filter(({ method }) => method === arm)
  const sum = own.reduce((total, { editMilliseconds }) => total + editMilliseconds, 0)
  return own.length === 0 ? '' : (sum / own.length / 1000).toFixed(3)
}
