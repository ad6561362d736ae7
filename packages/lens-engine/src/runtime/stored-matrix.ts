// A matrix of the model -> its numbers as x W + b, whatever the layout of the files.
import type { MatrixAddress } from '../architectures/hook-points.js'
import { storedName } from './forward-context.js'
import type { LoadedModel } from './load-model.js'

export type MatrixModel = Pick<LoadedModel, 'architecture' | 'shape' | 'config' | 'weights'>

/** Where a matrix lies, with its names in the files of this model. */
export function locateMatrix(model: MatrixModel, address: MatrixAddress) {
  const { architecture, shape, config, weights } = model
  const stored = architecture.storedMatrix(shape, address, config)
  const [width, out] = architecture.matrixWidths(shape, address.matrix, config)
  return {
    ...stored,
    weight: storedName(weights, stored.weight),
    bias: stored.bias === null ? null : storedName(weights, stored.bias),
    width,
    out,
  }
}

/** Index in the stored weight of element [input, output] of a matrix, as a function of both. */
export function storedIndex({
  layout,
  storedOutputs,
  outputs,
  width,
}: ReturnType<typeof locateMatrix>): (input: number, output: number) => number {
  const place = (output: number): number => outputs?.[output] ?? output
  return layout === 'in-out'
    ? (input, output) => input * storedOutputs + place(output)
    : (input, output) => place(output) * width + input
}

export interface MatrixValues {
  /** [in, out], row by row */
  readonly weight: Float32Array
  /** [out]; null where there is none */
  readonly bias: Float32Array | null
}

/** Reads a matrix and its bias. @throws WEIGHTS_MISMATCH, FILE_UNREADABLE */
export function readMatrix(model: MatrixModel, address: MatrixAddress): MatrixValues {
  const located = locateMatrix(model, address)
  const { width, out } = located
  const stored = model.weights.read(located.weight)
  const indexOf = storedIndex(located)
  const weight = new Float32Array(width * out)
  for (let input = 0; input < width; input++) {
    for (let output = 0; output < out; output++) {
      weight[input * out + output] = stored[indexOf(input, output)] as number
    }
  }
  if (located.bias === null) return { weight, bias: null }
  const storedBias = model.weights.read(located.bias)
  const bias = Float32Array.from(
    { length: out },
    (_, output) => storedBias[located.outputs?.[output] ?? output] as number,
  )
  return { weight, bias }
}
