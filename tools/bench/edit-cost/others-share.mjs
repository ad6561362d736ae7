// How much of the machine other programs took meanwhile.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Linux counts in hundredths of a second. */
const MILLISECONDS_A_TICK = 10

/** Milliseconds all processors were busy since the start, and the clock. */
export function readProcessor() {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1).map(Number)
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = fields
  const busy = user + nice + system + interrupts + softInterrupts + stolen
  return { busy: busy * MILLISECONDS_A_TICK, clock: performance.now() }
}

/** Share of all processors' time between two readings that was spent on anything but `own` milliseconds. */
export const othersShare = (before, after, own) =>
  Math.max(0, after.busy - before.busy - own) /
  ((after.clock - before.clock) * availableParallelism())
