// What edit methods need besides the model, as the command line finds it: key covariances under Imprint's home, a checkpoint.
import type { EditResources, KeyCovariance } from '../edits/edit-method.js'
import { addressKey } from '../edits/matrix-delta.js'
import { findCovariance } from '../key-covariance/covariance-store.js'
import { describeModel, type ModelFiles } from '../runtime/describe-model.js'
import type { LoadedModel } from '../runtime/load-model.js'

/** Covariances are read once for each matrix, so that what is factored of them is kept. */
export function editResources(
  model: LoadedModel,
  home: string,
  mendCheckpoint: string | undefined,
): Omit<EditResources, 'contextTemplates'> {
  const known = new Map<string, KeyCovariance>()
  const keyCovariance: EditResources['keyCovariance'] = (address) => {
    const key = addressKey(address)
    const found = known.get(key)
    if (found !== undefined) return Promise.resolve(found)
    const { values, digest, receipt } = findCovariance(home, model, address)
    const covariance = { address, values, digest, width: receipt.width, samples: receipt.tokens }
    known.set(key, covariance)
    return Promise.resolve(covariance)
  }
  return { keyCovariance, ...(mendCheckpoint === undefined ? {} : { mendCheckpoint }) }
}

const SMALL_MODEL_BYTES = 256e6
/** Every method has graphs of its own; those of a small model stay open all the time. */
const SESSIONS_OF_SMALL_MODEL = 32

/** How many sessions to keep open for edits of many kinds. */
export function editSessions(files: ModelFiles): { readonly sessions?: number } {
  return describeModel(files).bytes < SMALL_MODEL_BYTES ? { sessions: SESSIONS_OF_SMALL_MODEL } : {}
}
