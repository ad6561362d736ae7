// The words of evaluations: states, rates, times left.
import type { EvaluationState } from '../../graphql/generated/graphql'
import { showCount, showDuration, showNumber } from '../lens/numbers'
import { saySeconds } from '../models/import-facts'

export const EVALUATION_STATES: readonly EvaluationState[] = [
  'QUEUED',
  'RUNNING',
  'PAUSED',
  'DONE',
  'FAILED',
  'CANCELLED',
]

export const isFinal = (state: EvaluationState): boolean =>
  state === 'DONE' || state === 'FAILED' || state === 'CANCELLED'

/** Something will change without anyone doing anything. */
export const isMoving = (state: EvaluationState): boolean =>
  state === 'QUEUED' || state === 'RUNNING'

/** "12 edits/s": one per arm and case; slow ones by the minute. */
export function sayRate(casesPerSecond: number | null): string | null {
  if (casesPerSecond === null || casesPerSecond <= 0) return null
  return casesPerSecond >= 0.1
    ? `${showNumber(casesPerSecond, 2)} edits/s`
    : `${showNumber(casesPerSecond * 60, 2)} edits/min`
}

interface Counted {
  readonly state: EvaluationState
  readonly done: number
  readonly total: number
  readonly failed: number
  readonly casesPerSecond: number | null
  readonly secondsLeft: number | null
}

/** Between 0 and 1; failures are ended too. */
export function doneShare({ done, failed, total }: Omit<Counted, 'state'>): number {
  return total > 0 ? Math.min(1, (done + failed) / total) : 0
}

/** "620 of 1,100 edits". */
export const sayDone = ({ done, total }: Pick<Counted, 'done' | 'total'>): string =>
  `${showCount(done)} of ${showCount(total)} edits`

/** "12 edits/s, about 4 minutes left"; what is not known is left out. */
export function sayPace({ state, casesPerSecond, secondsLeft }: Counted): string {
  if (!isMoving(state)) return ''
  const left = secondsLeft === null ? null : `about ${saySeconds(secondsLeft)} left`
  return [sayRate(casesPerSecond), left].filter(Boolean).join(', ')
}

/** How long it took, or has been under way. */
export function sayTook(
  startedAt: string | null,
  finishedAt: string | null,
  now: number,
): string | null {
  if (!startedAt) return null
  const end = finishedAt ? new Date(finishedAt).getTime() : now
  return showDuration(Math.max(0, end - new Date(startedAt).getTime()) / 1000)
}

/** Names in a narrow place: "rome, memit, +4". */
export function sayFew(names: readonly string[], most: number): string {
  const unique = [...new Set(names)]
  if (unique.length <= most) return unique.join(', ')
  return `${unique.slice(0, most).join(', ')}, +${unique.length - most}`
}

/** Names in few words: "rome, memit and 4 more". */
export function sayNames(names: readonly string[], most = 3): string {
  const unique = [...new Set(names)]
  if (unique.length <= most + 1) return unique.join(', ')
  return `${unique.slice(0, most).join(', ')} and ${unique.length - most} more`
}
