// An edit: who asked for what, how it was computed, and the deltas it consists of. Plain data: stored, stacked, taken back.
import { createHash } from 'node:crypto'
import type { EditMethodName, EditOutcome, EditTrace } from './edit-method.js'
import type { EditRequest } from './edit-request.js'
import type { HyperparameterValues } from './hyperparameters.js'
import type { MatrixDelta } from './matrix-delta.js'
import type { PassCost } from './shared/edit-lab.js'

/** The model an edit was made for; it fits no other. */
export interface EditedModel {
  readonly name: string
  readonly family: string
  readonly weightsDigest: string
  readonly configDigest: string
  readonly tokenizerDigest: string | null
}

export interface EditCost extends PassCost {
  readonly milliseconds: number
  /** Largest resident memory of the process so far, in bytes. */
  readonly peakBytes: number
}

/** What is needed to compute the edit again. */
export interface EditReceipt {
  readonly engineVersion: string
  readonly runtimeVersion: string
  readonly provider: string
  readonly dtype: string
  readonly threads: number
  readonly seed: number
  readonly graphDigests: readonly string[]
  /** Where the hyperparameters that were not given come from. */
  readonly defaults: string
  /** Ids of the edits it was computed on top of, in order. */
  readonly onTopOf: readonly string[]
}

export interface Edit {
  /** sha256 of method, hyperparameters, requests, model and deltas. */
  readonly id: string
  readonly method: EditMethodName
  readonly hyperparameters: HyperparameterValues
  readonly requests: readonly EditRequest[]
  readonly model: EditedModel
  readonly outcome: EditOutcome
  readonly deltas: readonly MatrixDelta[]
  readonly trace: readonly EditTrace[]
  readonly warnings: readonly string[]
  readonly cost: EditCost
  readonly receipt: EditReceipt
}

type EditContent = Pick<Edit, 'method' | 'hyperparameters' | 'requests' | 'model' | 'deltas'>

/** The id of an edit's content: equal contents have equal ids, whenever and wherever they were computed. */
export function editId({ method, hyperparameters, requests, model, deltas }: EditContent): string {
  const hash = createHash('sha256')
  const { weightsDigest, configDigest, tokenizerDigest } = model
  const sorted = Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1))
  const asked = requests.map(({ prompt, subject, target }) => [prompt, subject, target])
  hash.update(JSON.stringify([method, sorted, asked, weightsDigest, configDigest, tokenizerDigest]))
  for (const delta of deltas) {
    const { kind, address, inputWidth, outputWidth } = delta
    hash.update(JSON.stringify([kind, address.layer, address.matrix, inputWidth, outputWidth]))
    for (const part of deltaParts(delta)) hash.update(bytesOf(part))
  }
  return hash.digest('hex')
}

/** The arrays of a delta in a fixed order. */
export const deltaParts = (delta: MatrixDelta): readonly Float32Array[] => [
  ...(delta.kind === 'low-rank' ? [delta.u, delta.v] : [delta.values]),
  ...(delta.bias === null ? [] : [delta.bias]),
]

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
