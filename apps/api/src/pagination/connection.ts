// Cursor pagination: opaque cursors, page sizes with a limit, and rows -> connection.
export const defaultPageSize = 20
export const largestPageSize = 100

export interface PageBounds {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

export interface Edge<Node> {
  cursor: string
  node: Node
}

export interface Connection<Node> {
  edges: Edge<Node>[]
  pageInfo: PageBounds
  totalCount: number
}

export interface PageRequest<Position> {
  readonly first: number
  readonly after: Position | null
}

/** The position of a row in a list ordered by time, newest first; ids break ties. */
export interface TimePosition {
  readonly at: Date
  readonly id: string
}

/** Clamps a page size to 1..100; more is cut, not refused, so that scripts keep working. */
export function pageSize(first: number | null | undefined): number {
  return Math.max(1, Math.min(first ?? defaultPageSize, largestPageSize))
}

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts of a cursor made by `encodeCursor`; null when it is not one. */
export function decodeCursor(cursor: string, length: number): readonly (string | number)[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    const whole = Array.isArray(parts) && parts.length === length
    const plain =
      whole && parts.every((part) => typeof part === 'string' || typeof part === 'number')
    return plain ? (parts as (string | number)[]) : null
  } catch {
    return null
  }
}

/** Makes a page from one row more than was asked for, so that "is there more" costs no second query. */
export function connectionOf<Row, Node>(
  rows: readonly Row[],
  options: {
    readonly first: number
    readonly after: unknown
    readonly totalCount: number
    readonly cursorOf: (row: Row) => string
    readonly nodeOf: (row: Row) => Node
  },
): Connection<Node> {
  const edges = rows
    .slice(0, options.first)
    .map((row) => ({ cursor: options.cursorOf(row), node: options.nodeOf(row) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > options.first,
      hasPreviousPage: options.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: options.totalCount,
  }
}
