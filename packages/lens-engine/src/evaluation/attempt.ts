// A step for one case -> its result, or the typed error that takes its place; errors that every case would meet pass through.
import { LensEngineError, type LensEngineErrorCode } from '../errors.js'

/** Failures that no other case would escape: the evaluation ends. */
const fatal: ReadonlySet<LensEngineErrorCode> = new Set([
  'RUN_CANCELLED',
  'TOKENIZER_MISSING',
  'KEY_COVARIANCE_MISSING',
  'KEY_COVARIANCE_INVALID',
  'MEND_CHECKPOINT_MISSING',
  'MEND_CHECKPOINT_INVALID',
  'EDIT_WRONG_MODEL',
  'CONFIG_INVALID',
  'MODEL_TOO_LARGE',
  'FILE_UNREADABLE',
  'DISK_FULL',
  'ENGINE_UNAVAILABLE',
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'GRAPH_INVALID',
  'NO_VJP_RULE',
])

/** The result of a step for one case, or the error that stands in its place. */
export type Attempt<T> = T | LensEngineError

export async function attempt<T>(step: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof LensEngineError && !fatal.has(error.code)) return error
    throw error
  }
}

export const succeeded = <T>(result: Attempt<T>): result is T =>
  !(result instanceof LensEngineError)
