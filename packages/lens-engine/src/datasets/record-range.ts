// Cases -> those at some places of their data set; and how the bundled facts are shared out.
import type { EvaluationCase } from './evaluation-case.js'

/** Places of the usable records of a data set, counted from 0, both ends included. */
export interface RecordRange {
  readonly first: number
  readonly last: number
}

/** The bundled facts: what tables are computed on, and what hyperparameters and editors may be chosen and trained with. */
export const factsRanges = {
  evaluation: { first: 0, last: 999 },
  training: { first: 1000, last: 1499 },
} as const satisfies Readonly<Record<string, RecordRange>>

/** Reads to the end, so that a reader's report is complete. */
export async function* takeRange(
  cases: AsyncIterable<EvaluationCase> | Iterable<EvaluationCase>,
  range: RecordRange | null,
): AsyncGenerator<EvaluationCase> {
  let place = 0
  for await (const one of cases) {
    if (range === null || (place >= range.first && place <= range.last)) yield one
    place++
  }
}
