// The engine's records of a batch -> the rows that are stored, or failures in their place.
import { promptNumbers, rowMetrics } from '../engine/evaluation-library.js'
import type { EvaluatedCases } from '../engine/evaluation-task.js'
import type {
  BatchFailure,
  ClaimedArm,
  ClaimedBatch,
  ClaimedCase,
  RowToStore,
} from './evaluation-claim.js'

type EngineRecord = EvaluatedCases['records'][number]
type Timing = EvaluatedCases['timings'][number]

/** A batch with what it is computed from. */
export interface LoadedBatch {
  readonly claimed: ClaimedBatch
  readonly arms: readonly ClaimedArm[]
  readonly cases: readonly ClaimedCase[]
}

/** Case by case, in each the arms in order. @throws an Error when the answer lacks a record */
export function toRows(batch: LoadedBatch, { records, timings }: EvaluatedCases): RowToStore[] {
  const recordOf = new Map(records.map((one) => [keyOf(one), one]))
  const timingOf = new Map(timings.map((one) => [keyOf(one), one]))
  return eachPair(batch, (one, arm) => {
    const key = keyOf({ caseId: one.caseId, method: arm.name })
    const record = recordOf.get(key)
    if (record === undefined) throw new Error(`The engine gave no record of ${key}`)
    const base = { ...rowOf(one, arm), ...timesOf(timingOf.get(key)), record }
    return { ...base, ...numbersOf(batch.claimed.protocol, record) }
  })
}

/** A failure of every case and arm of a batch. */
export function toFailures(batch: LoadedBatch, failure: BatchFailure): RowToStore[] {
  const { code, message, cure, details = {} } = failure
  return eachPair(batch, (one, arm) => {
    const { caseId, relation } = one
    const error = { code, message, cure, details }
    return {
      ...{ ...rowOf(one, arm), ...timesOf(undefined), ...noNumbers },
      record: { kind: 'failure', caseId, relation, method: arm.name, error },
    }
  })
}

const eachPair = (
  { arms, cases }: LoadedBatch,
  make: (one: ClaimedCase, arm: ClaimedArm) => RowToStore,
): RowToStore[] => cases.flatMap((one) => arms.map((arm) => make(one, arm)))

const keyOf = ({ caseId, method }: { readonly caseId: string; readonly method: string }): string =>
  JSON.stringify([caseId, method])

const rowOf = ({ place, caseId, relation }: ClaimedCase, arm: ClaimedArm) => ({
  ...{ armId: arm.id, place, caseId, relation },
})

const noNumbers = { kind: 'FAILURE', metrics: [], before: [], prompts: [] } as const

function numbersOf(protocol: string, record: EngineRecord) {
  if (record.kind !== 'row') return noNumbers
  return {
    kind: 'ROW' as const,
    metrics: [...rowMetrics(protocol, record, 'after')],
    before: [...rowMetrics(protocol, record, 'before')],
    prompts: promptNumbers(record),
  }
}

const timesOf = (timing: Timing | undefined) => ({
  editMilliseconds: timing?.editMilliseconds ?? null,
  measureMilliseconds: timing?.measureMilliseconds ?? null,
  peakBytes: timing?.peakBytes ?? null,
})
