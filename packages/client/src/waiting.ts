// Things that are computed -> their end: asked for in long polls, which the server answers when something happens.
import { ImprintError } from './errors.js'

export interface WaitOptions {
  /** Gives up after so many seconds; waits for ever when absent. */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface Outcome {
  readonly state: string
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly cure: string
  } | null
}

export const endedStates: ReadonlySet<string> = new Set(['DONE', 'FAILED', 'CANCELLED'])

/** Seconds that the server holds a question; shorter than what proxies allow. */
export const pollSeconds = 20

/**
 * Asks until it has ended.
 * @throws ImprintError with the code of its failure, RUN_CANCELLED, TIMED_OUT, or NOT_FOUND
 */
export async function untilEnd<Value>(
  ask: (seconds: number) => Promise<Value | null | undefined>,
  outcomeOf: (value: Value) => Outcome,
  { timeout = Infinity, signal }: WaitOptions,
): Promise<Value> {
  const deadline = Date.now() + timeout * 1_000
  for (;;) {
    signal?.throwIfAborted()
    const left = Math.max(0, (deadline - Date.now()) / 1_000)
    const value = await ask(Math.floor(Math.min(pollSeconds, left)))
    if (value === null || value === undefined) throw gone
    const { state, error } = outcomeOf(value)
    if (state === 'DONE') return value
    if (state === 'CANCELLED') throw new ImprintError('RUN_CANCELLED', 'It was cancelled.')
    if (state === 'FAILED')
      throw new ImprintError(error?.code ?? 'FAILED', error?.message ?? 'It failed.', error ?? {})
    if (Date.now() >= deadline)
      throw new ImprintError('TIMED_OUT', `It has not ended within ${timeout} seconds.`, {
        cure: 'It goes on: wait for it again. Check that a worker runs.',
      })
  }
}

const gone = new ImprintError('NOT_FOUND', 'There is none with this id, or it was deleted.')
