// The budgets of the pages, and how much room a busy machine gets.
export const budgets = {
  /** Seconds from arriving to the first cell on screen, on localhost. */
  firstCellSeconds: 1.5,
  /** Bytes of compressed JavaScript on the first load of a page. */
  scriptBytes: 250 * 1024,
  /** Milliseconds from a key to the next paint with 48 layers x 64 positions. */
  interactionMilliseconds: 100,
} as const

/** Times are held with room to spare, because two cores are shared with the engine and the browser. */
export const withRoom = (limit: number): number =>
  limit * Number(process.env['IMPRINT_E2E_ROOM'] ?? 2)
