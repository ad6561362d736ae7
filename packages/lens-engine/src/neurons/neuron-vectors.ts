// A layer of a model -> the vectors of its neurons: what each reacts to (keys) and what it writes (values).
import type { MatrixName } from '../architectures/hook-points.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { readMatrix } from '../runtime/stored-matrix.js'

export type NeuronModel = Pick<LoadedModel, 'architecture' | 'shape' | 'config' | 'weights'>

/** Every vector of one role in a layer. */
export interface LayerVectors {
  /** [neurons, width], row by row */
  readonly rows: Float32Array
  readonly neurons: number
  readonly width: number
}

/** @throws BAD_ARGUMENT for a layer that the model does not have */
export function checkLayer({ shape }: Pick<NeuronModel, 'shape'>, layer: number): void {
  if (Number.isSafeInteger(layer) && layer >= 0 && layer < shape.layers) return
  throw new LensEngineError('BAD_ARGUMENT', `there is no layer ${layer}`, {
    details: { layer: String(layer), layers: shape.layers },
    cure: `Use a layer from 0 to ${shape.layers - 1}.`,
  })
}

/** @throws BAD_ARGUMENT for a neuron that the layer does not have */
export function checkNeuron({ shape }: Pick<NeuronModel, 'shape'>, neuron: number): void {
  if (Number.isSafeInteger(neuron) && neuron >= 0 && neuron < shape.innerWidth) return
  throw new LensEngineError('BAD_ARGUMENT', `there is no neuron ${neuron}`, {
    details: { neuron: String(neuron), neurons: shape.innerWidth },
    cure: `Use a neuron from 0 to ${shape.innerWidth - 1}.`,
  })
}

export const isGated = ({ architecture }: Pick<NeuronModel, 'architecture'>): boolean =>
  architecture.matrices.includes('mlp.gate')

/** Columns of `mlp.up` or `mlp.gate` as rows. @throws BAD_ARGUMENT, WEIGHTS_MISMATCH, FILE_UNREADABLE */
export function readKeys(
  model: NeuronModel,
  layer: number,
  matrix: Extract<MatrixName, 'mlp.up' | 'mlp.gate'> = 'mlp.up',
): LayerVectors {
  checkLayer(model, layer)
  const { width, innerWidth: neurons } = model.shape
  const { weight } = readMatrix(model, { layer, matrix })
  const rows = new Float32Array(weight.length)
  for (let input = 0; input < width; input++) {
    for (let neuron = 0; neuron < neurons; neuron++) {
      rows[neuron * width + input] = weight[input * neurons + neuron] as number
    }
  }
  return { rows, neurons, width }
}

/** Rows of `mlp.down`. @throws as `readKeys` */
export function readValues(model: NeuronModel, layer: number): LayerVectors {
  checkLayer(model, layer)
  const { width, innerWidth: neurons } = model.shape
  const { weight } = readMatrix(model, { layer, matrix: 'mlp.down' })
  return { rows: weight, neurons, width }
}

export const rowOf = ({ rows, width }: LayerVectors, neuron: number): Float32Array =>
  rows.subarray(neuron * width, (neuron + 1) * width)

/** Euclidean norms, summed in float64. */
export function rowNorms(vectors: LayerVectors): Float32Array {
  const norms = new Float32Array(vectors.neurons)
  for (let neuron = 0; neuron < vectors.neurons; neuron++) {
    let sum = 0
    for (const value of rowOf(vectors, neuron)) sum += value * value
    norms[neuron] = Math.sqrt(sum)
  }
  return norms
}
