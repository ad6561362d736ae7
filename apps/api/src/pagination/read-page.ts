// A page of rows, newest first, together with how many rows there are in all.
import type { PageRequest, TimePosition } from './connection.js'
import { afterPosition, newestFirst } from './time-order.js'

/** What a repository adds to its own conditions to get one page; one row more than asked tells whether there is more. */
export interface PageQuery {
  readonly after: ReturnType<typeof afterPosition>
  readonly orderBy: typeof newestFirst
  readonly take: number
}

export interface PageOfRows<Row> {
  readonly rows: Row[]
  readonly totalCount: number
}

export async function readPage<Row>(
  page: PageRequest<TimePosition>,
  find: (query: PageQuery) => Promise<Row[]>,
  count: () => Promise<number>,
): Promise<PageOfRows<Row>> {
  const query = { after: afterPosition(page), orderBy: newestFirst, take: page.first + 1 }
  const [rows, totalCount] = await Promise.all([find(query), count()])
  return { rows, totalCount }
}
