// A model's files -> how many sessions to keep open for edits of many kinds.
import { describeModel, type ModelFiles } from '../runtime/describe-model.js'

const SMALL_MODEL_BYTES = 256e6
/** Every method has graphs of its own; those of a small model stay open all the time. */
const SESSIONS_OF_SMALL_MODEL = 32

/** The runtime's own limit for other models. */
export function editSessions(files: ModelFiles): { readonly sessions?: number } {
  return describeModel(files).bytes < SMALL_MODEL_BYTES ? { sessions: SESSIONS_OF_SMALL_MODEL } : {}
}
