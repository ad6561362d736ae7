// Cursors of lists ordered by creation time.
import { badCursor } from '../errors/input-error.js'
import { decodeCursor, encodeCursor, pageSize } from './connection.js'
import type { PageRequest, TimePosition } from './connection.js'

export function encodeTimeCursor(row: { readonly createdAt: Date; readonly id: string }): string {
  return encodeCursor([row.createdAt.toISOString(), row.id])
}

/** The page a list query asks for; a malformed cursor is a user's mistake and says so. */
export function timePage(
  first: number | null | undefined,
  after: string | null | undefined,
): PageRequest<TimePosition> {
  if (after === null || after === undefined) return { first: pageSize(first), after: null }
  const parts = decodeCursor(after, 2)
  const at = new Date(String(parts?.[0]))
  const id = String(parts?.[1])
  if (parts === null || Number.isNaN(at.getTime()) || !isUuid(id)) throw badCursor(after)
  return { first: pageSize(first), after: { at, id } }
}

/** Ids are UUIDs; anything else names nothing, and must not reach the database as a cast error. */
export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
}
