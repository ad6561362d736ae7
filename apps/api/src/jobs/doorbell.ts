// graphile-worker as the doorbell: its jobs wake a worker at once, and carry no truth of their own.
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger as GraphileLogger, run, runMigrations } from 'graphile-worker'
import type { Runner } from 'graphile-worker'
import type { Logger } from '../logger.js'

/** Tasks whose jobs say only that something waits. */
const rungFor = [
  'lens-run',
  'lens-vectors',
  'edit-task',
  'slice',
  'evaluation',
  'figures',
  'neuron-survey',
  'interference',
]

const quiet = (logger: Logger): GraphileLogger =>
  new GraphileLogger(() => (level, message) => {
    if (level === 'error') logger.error({ source: 'graphile-worker' }, message)
    else logger.debug({ source: 'graphile-worker', level }, message)
  })

/** Makes or updates graphile-worker's own tables; both the API and workers do it when they start. */
export async function prepareDoorbell(databaseUrl: string, logger: Logger): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: quiet(logger) })
}

type Bells = { readonly ring: () => Promise<void>; readonly ringImport: () => void }

/** A runner that came to its end is begun again this much later; the workers' own look finds what rang meanwhile. */
const pause = 2_000

/**
 * Calls `ring` for every run; a job ends when `ring` does, so that a busy worker leaves the next one to others.
 * `ringImport` is not waited for: an import may take hours, and runs go on meanwhile. Where PostgreSQL is away for
 * long, graphile-worker gives up; it is then begun again until `stop` is called.
 */
export async function answerDoorbell(
  databaseUrl: string,
  logger: Logger,
  bells: Bells,
): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  let runner = await startRunner(databaseUrl, logger, bells)
  const keep = async (): Promise<void> => {
    for (;;) {
      await runner.promise.catch((error: unknown) =>
        logger.error({ err: error }, 'the doorbell stopped'),
      )
      const next = await startAgain(() => startRunner(databaseUrl, logger, bells), {
        failed: (error) => logger.warn({ err: error }, 'the doorbell does not start yet'),
        signal: stopping.signal,
      })
      if (next === null) return
      logger.warn('the doorbell was begun again')
      runner = next
    }
  }
  const kept = keep()
  const stop = async (): Promise<void> => {
    stopping.abort()
    // One that has come to its end just now refuses to be stopped again.
    await runner.stop().catch(() => undefined)
    await kept
  }
  return { stop }
}

/** Tries every two seconds; null when the signal ended it. */
async function startAgain(
  start: () => Promise<Runner>,
  { failed, signal }: { readonly failed: (error: unknown) => void; readonly signal: AbortSignal },
): Promise<Runner | null> {
  while (!signal.aborted) {
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return null
    const runner = await start().catch(failed)
    if (runner === undefined) continue
    if (!signal.aborted) return runner
    await runner.stop()
  }
  return null
}

function startRunner(
  databaseUrl: string,
  logger: Logger,
  { ring, ringImport }: Bells,
): Promise<Runner> {
  return run({
    preset: {
      worker: {
        connectionString: databaseUrl,
        concurrentJobs: 1,
        maxPoolSize: 3,
        pollInterval: 2_000,
        logger: quiet(logger),
        // Without a batch nobody waits for the statement that ends a job: where it fails, the process would end.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    noHandleSignals: true,
    taskList: {
      ...Object.fromEntries(rungFor.map((task) => [task, ring])),
      'model-import': () => ringImport(),
    },
  })
}
