// The order of lists, newest first, as conditions of a query.
import type { PageRequest, TimePosition } from './connection.js'

export const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

/** Rows after a position in the order newest first. */
export function afterPosition({ after }: PageRequest<TimePosition>) {
  if (after === null) return {}
  return {
    AND: [{ OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }],
  }
}
