// The two orders of reviews as cursors and conditions: by waiting time, those that do not wait last, or the newest first.
import type { Prisma } from '../../database/generated/client.js'
import { badCursor } from '../../errors/input-error.js'
import { decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { ReviewOrderKey } from '../../vocabulary/talk-names.js'

export interface ReviewPosition {
  /** Null: it does not wait. */
  readonly at: Date | null
  readonly id: string
}

export interface ReviewPage {
  readonly first: number
  readonly after: ReviewPosition | null
  readonly order: ReviewOrderKey
}

interface Placed {
  readonly id: string
  readonly createdAt: Date
  readonly waitingSince: Date | null
}

const timeOf = (row: Placed, order: ReviewOrderKey): Date | null =>
  order === 'WAITING' ? row.waitingSince : row.createdAt

export const reviewCursor =
  (order: ReviewOrderKey) =>
  (row: Placed): string =>
    encodeCursor([order, timeOf(row, order)?.toISOString() ?? '', row.id])

/** @throws BAD_USER_INPUT for a cursor of another list or order */
export function reviewPage(
  first: number | null | undefined,
  after: string | null | undefined,
  order: ReviewOrderKey,
): ReviewPage {
  if (after === null || after === undefined) return { first: pageSize(first), after: null, order }
  const [madeFor, time, id] = decodeCursor(after, 3) ?? []
  const at = time === '' ? null : new Date(String(time))
  const valid = madeFor === order && isUuid(String(id)) && !Number.isNaN(at?.getTime() ?? 0)
  if (!valid || (at === null && order === 'NEWEST')) throw badCursor(after)
  return { first: pageSize(first), after: { at, id: String(id) }, order }
}

export const reviewOrderBy: Readonly<
  Record<ReviewOrderKey, Prisma.ReviewOrderByWithRelationInput[]>
> = {
  WAITING: [{ waitingSince: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
  NEWEST: [{ createdAt: 'desc' }, { id: 'desc' }],
}

/** Rows after the position. */
export function reviewsAfter({ after, order }: ReviewPage): Prisma.ReviewWhereInput {
  if (after === null) return {}
  const { at, id } = after
  if (order === 'NEWEST' && at !== null)
    return { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: id } }] }
  if (at === null) return { waitingSince: null, id: { gt: id } }
  return {
    OR: [
      { waitingSince: { gt: at } },
      { waitingSince: at, id: { gt: id } },
      { waitingSince: null },
    ],
  }
}
