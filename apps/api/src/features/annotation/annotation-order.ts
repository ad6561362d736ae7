// The orders of lists of annotations, and their cursors: each names the sort value and the id of a row.
import { badCursor } from '../../errors/input-error.js'
import { decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import type { PageRequest } from '../../pagination/connection.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AnnotationOrderKey } from '../../vocabulary/note-names.js'

/** Where a page ended: the value that the list is sorted by, and the id. */
export interface AnnotationPosition {
  readonly value: string | number
  readonly id: string
}

export interface AnnotationPage extends PageRequest<AnnotationPosition> {
  readonly order: AnnotationOrderKey
}

interface SortedRow {
  readonly id: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly confidence: number
  readonly label: string
}

const valueOf: Readonly<Record<AnnotationOrderKey, (row: SortedRow) => string | number>> = {
  NEWEST: (row) => row.createdAt.toISOString(),
  UPDATED: (row) => row.updatedAt.toISOString(),
  CONFIDENCE: (row) => row.confidence,
  LABEL: (row) => row.label,
}

const isTime = (value: unknown): boolean =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value))
const isOfOrder: Readonly<Record<AnnotationOrderKey, (value: unknown) => boolean>> = {
  NEWEST: isTime,
  UPDATED: isTime,
  CONFIDENCE: (value) => typeof value === 'number',
  LABEL: (value) => typeof value === 'string' && !value.includes('\0'),
}

/** A cursor names its order, so that it fits no other list. */
export const annotationCursor =
  (order: AnnotationOrderKey) =>
  (row: SortedRow): string =>
    encodeCursor([order, valueOf[order](row), row.id])

/** @throws BAD_USER_INPUT for a cursor of another list */
export function annotationPage(
  order: AnnotationOrderKey,
  first: number | null,
  after: string | null | undefined,
): AnnotationPage {
  if (after === null || after === undefined) return { order, first: pageSize(first), after: null }
  const [madeFor, value, id] = decodeCursor(after, 3) ?? []
  if (madeFor !== order || !isOfOrder[order](value) || !isUuid(String(id))) throw badCursor(after)
  return {
    order,
    first: pageSize(first),
    after: { value: value as string | number, id: String(id) },
  }
}
