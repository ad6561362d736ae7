// A row of a map of interference -> what GraphQL shows.
import type { InterferenceRow } from './interference.repository.js'
import type { InterferenceMap, InterferencePair } from './interference.type.js'

/** As the worker stores it. */
export interface StoredInterference {
  readonly keyOverlap: number[][]
  readonly pairs: InterferencePair[]
}

export function toInterferenceMap(row: InterferenceRow): InterferenceMap {
  const { id, modelId, state, stage, done, total, createdAt, finishedAt, progressVersion } = row
  const result = row.result as unknown as StoredInterference | null
  return {
    ...{ id, modelId, state, stage, done, total, createdAt, finishedAt, progressVersion },
    ...{ editIds: row.editIds, questionDigest: row.questionDigest },
    keyOverlap: result?.keyOverlap ?? null,
    effect: result?.pairs ?? null,
    secondsLeft: secondsLeft(row),
    error: row.error as InterferenceMap['error'],
  }
}

/** By the pace since it was begun. */
function secondsLeft({ state, startedAt, done, total }: InterferenceRow): number | null {
  if (state !== 'RUNNING' || startedAt === null || !done || total === null) return null
  const seconds = (Date.now() - startedAt.getTime()) / 1_000
  return Math.max(0, ((total - done) * seconds) / done)
}
