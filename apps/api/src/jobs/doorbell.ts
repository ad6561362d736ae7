// graphile-worker as the doorbell: its jobs wake a worker at once, and carry no truth of their own.
import { Logger as GraphileLogger, run, runMigrations } from 'graphile-worker'
import type { Runner } from 'graphile-worker'
import type { Logger } from '../logger.js'

const quiet = (logger: Logger): GraphileLogger =>
  new GraphileLogger(() => (level, message) => {
    if (level === 'error') logger.error({ source: 'graphile-worker' }, message)
    else logger.debug({ source: 'graphile-worker', level }, message)
  })

/** Makes or updates graphile-worker's own tables; both the API and workers do it when they start. */
export async function prepareDoorbell(databaseUrl: string, logger: Logger): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: quiet(logger) })
}

/**
 * Calls `ring` for every run; a job ends when `ring` does, so that a busy worker leaves the next one to others.
 * `ringImport` is not waited for: an import may take hours, and runs go on meanwhile.
 */
export async function answerDoorbell(
  databaseUrl: string,
  logger: Logger,
  { ring, ringImport }: { ring: () => Promise<void>; ringImport: () => void },
): Promise<{ stop(): Promise<void> }> {
  const runner: Runner = await run({
    connectionString: databaseUrl,
    concurrency: 1,
    maxPoolSize: 3,
    pollInterval: 2_000,
    noHandleSignals: true,
    logger: quiet(logger),
    taskList: {
      ...{
        'lens-run': ring,
        'lens-vectors': ring,
        'edit-task': ring,
        slice: ring,
        evaluation: ring,
        figures: ring,
        'neuron-survey': ring,
        interference: ring,
      },
      'model-import': () => ringImport(),
    },
  })
  runner.promise.catch((error: unknown) => logger.error({ err: error }, 'the doorbell stopped'))
  return { stop: () => runner.stop() }
}
