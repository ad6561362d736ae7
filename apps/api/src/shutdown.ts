// Ends a process in good order on SIGTERM, SIGINT, or when the process that started it is gone.
import type { Logger } from './logger.js'

const longestShutdown = 10_000

/** Calls `stop` once and exits; a second signal, or ten seconds, ends the process at once. */
export function stopOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false
  const begin = (reason: string): void => {
    if (stopping) process.exit(1)
    stopping = true
    logger.info({ reason }, 'stopping')
    setTimeout(() => process.exit(1), longestShutdown).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'did not stop in good order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => begin('SIGTERM'))
  process.on('SIGINT', () => begin('SIGINT'))
  process.on('disconnect', () => begin('the starting process is gone'))
}

/** A port that another program uses is no fault of this one: say so in a sentence and end. */
export function exitWhenBusy(error: unknown, sentence: string): never {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
