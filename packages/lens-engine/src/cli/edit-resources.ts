// What commands that edit have in common: sessions kept open, and the line of progress while something is computed.
import type { EditProgress } from '../edits/edit-method.js'
import { describeModel, type ModelFiles } from '../runtime/describe-model.js'

const SMALL_MODEL_BYTES = 256e6
/** Every method has graphs of its own; those of a small model stay open all the time. */
const SESSIONS_OF_SMALL_MODEL = 32

/** How many sessions to keep open for edits of many kinds. */
export function editSessions(files: ModelFiles): { readonly sessions?: number } {
  return describeModel(files).bytes < SMALL_MODEL_BYTES ? { sessions: SESSIONS_OF_SMALL_MODEL } : {}
}

export function describePreparation({ stage, done, total, loss }: EditProgress): string {
  const shown = loss === undefined ? '' : `, loss ${loss.toFixed(4)}`
  return `${stage}: ${done} of ${total}${shown}`
}
