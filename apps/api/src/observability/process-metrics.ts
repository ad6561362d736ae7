// Counters of what this process has done, whoever counts: the jobs of a worker and its engine. Read by /metrics.
import { Counter, Registry } from 'prom-client'

/** One for each process, as are its counters. */
export const processRegistry = new Registry()
const registers = [processRegistry]

/** Cases of evaluations whose rows were stored, edited or failed. Its rate is the cases per second. */
export const caseRows = new Counter({
  name: 'imprint_case_rows_total',
  help: 'Rows of evaluations that this worker has stored, by what became of the case',
  labelNames: ['outcome'] as const,
  registers,
})

/** Leases that were somebody else's by the time the work was done, or were cancelled. */
export const leaseLosses = new Counter({
  name: 'imprint_lease_losses_total',
  help: 'Leases this worker has lost: taken over, cancelled or deleted meanwhile',
  labelNames: ['kind'] as const,
  registers,
})

/** Attempts at runs, edits, imports and batches that have ended. */
export const attemptsEnded = new Counter({
  name: 'imprint_attempts_total',
  help: 'Attempts of this worker that have ended, by kind and outcome',
  labelNames: ['kind', 'outcome'] as const,
  registers,
})

/** Children of the engine that started, were replaced, or died without being told to. */
export const engineEvents = new Counter({
  name: 'imprint_engine_events_total',
  help: 'Processes of the engine that were started, recycled, or crashed',
  labelNames: ['event', 'provider'] as const,
  registers,
})
