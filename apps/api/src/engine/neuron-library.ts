// Neurons as the API speaks of them.
import { neuronNorms, summarizeActivity } from '@imprint/lens-engine'
import type { Edit, MatrixDelta } from '@imprint/lens-engine'
import { matrixNames } from '../vocabulary/names.js'
import type { MatrixNameKey } from '../vocabulary/names.js'

export { summarizeActivity }
export type {
  ActivitySummary,
  NeuronActivity,
  NeuronPart,
  NeuronsReceipt,
  SurveyCase,
  SurveyNeuronsTask,
  SurveyedNeurons,
} from '@imprint/lens-engine'

/** What an edit changes of each neuron of a layer, by one of its matrices. */
export interface EditNorms {
  readonly layer: number
  readonly matrix: MatrixNameKey
  readonly norms: Float32Array
  /** Of the whole change of the matrix. */
  readonly total: number
}

/** Nothing of matrices without neurons; of several deltas of one matrix the norms are added, an upper bound. */
export function readEditNorms({ deltas }: Edit): EditNorms[] {
  const groups = new Map<string, MatrixDelta[]>()
  for (const delta of deltas) {
    const key = `${delta.address.layer} ${delta.address.matrix}`
    groups.set(key, [...(groups.get(key) ?? []), delta])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const each = group.map(neuronNorms)
    if (first === undefined || each[0] === null || each[0] === undefined) return []
    const norms = each[0].map((_, neuron) =>
      each.reduce((sum, one) => sum + (one?.[neuron] ?? 0), 0),
    )
    const total = Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0))
    const { layer, matrix } = first.address
    return [{ layer, matrix: matrixNames.fromEngine(matrix), norms, total }]
  })
}
