// The budgets of the pages.
import { expect } from '@playwright/test'

export const budgets = {
  /** Seconds from arriving to the first cell on screen, on localhost. */
  firstCellSeconds: 1.5,
  /** Seconds from asking for a page to its largest text or picture, on localhost. */
  largestPaintSeconds: 1.5,
  /** Bytes of compressed JavaScript on the first load of a page. */
  scriptBytes: 250 * 1024,
  /** Milliseconds from a key to the next paint with 48 layers x 64 positions. */
  interactionMilliseconds: 100,
} as const

/**
 * Prints a time beside its budget. Times depend on what else the machine does, so they are held to the budget only when
 * `IMPRINT_STRICT_BUDGETS=1` asks for it; everything else in the journeys is held always.
 */
export function holdTime(what: string, measured: number, limit: number): void {
  const verdict = measured <= limit ? 'kept' : 'missed'
  console.log(`${what}: ${measured} (budget ${limit}, ${verdict})`)
  if (process.env['IMPRINT_STRICT_BUDGETS'] === '1') {
    expect(measured, what).toBeLessThanOrEqual(limit)
  }
}
