// A model's files -> how many sessions to keep open for edits of many kinds.
import { memoryCapacity } from '../runtime/available-memory.js'
import { describeModel, type ModelFiles } from '../runtime/describe-model.js'

/** Every method has graphs of its own, and MEMIT two for each of its layers. */
const SESSION_LIMIT = 32
/** The runtime's own limit, for models of which no more fit. */
const USUAL_SESSIONS = 4
/** Share of the memory that the maps of one model's sessions may fill. */
const MAPPED_SHARE = 0.5

/** As many as half of the memory holds, at most 32; the runtime's own limit for models too large for more than that. */
export function editSessions(files: ModelFiles): { readonly sessions?: number } {
  const fitting = Math.floor((MAPPED_SHARE * memoryCapacity()) / describeModel(files).bytes)
  return fitting > USUAL_SESSIONS ? { sessions: Math.min(SESSION_LIMIT, fitting) } : {}
}
