// Deltas -> what is added to each stored tensor, in the tensor's own layout.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { locateMatrix, storedIndex } from '../runtime/stored-matrix.js'
import { addressKey, denseValues, type MatrixDelta } from './matrix-delta.js'

/** Adds a delta to the values of a stored tensor, in place. */
export type AddToTensor = (values: Float64Array) => void

/** Stored tensor name -> the changes to make to it, in order. @throws BAD_ARGUMENT for a bias the family lacks */
export function mergeTensors(
  model: LoadedModel,
  deltas: readonly MatrixDelta[],
): ReadonlyMap<string, readonly AddToTensor[]> {
  const changes = new Map<string, AddToTensor[]>()
  const add = (name: string, change: AddToTensor): void => {
    changes.set(name, [...(changes.get(name) ?? []), change])
  }
  for (const delta of deltas) {
    const located = locateMatrix(model, delta.address)
    add(located.weight, (values) => addMatrix(values, delta, storedIndex(located)))
    const { bias } = delta
    if (bias === null) continue
    if (located.bias === null) throw withoutBias(delta)
    add(located.bias, (values) => {
      bias.forEach((value, output) => {
        const place = located.outputs?.[output] ?? output
        values[place] = (values[place] as number) + value
      })
    })
  }
  return changes
}

function addMatrix(
  values: Float64Array,
  delta: MatrixDelta,
  indexOf: (input: number, output: number) => number,
): void {
  const { inputWidth, outputWidth } = delta
  const dense = denseValues(delta)
  for (let input = 0; input < inputWidth; input++) {
    for (let output = 0; output < outputWidth; output++) {
      const place = indexOf(input, output)
      values[place] = (values[place] as number) + (dense[input * outputWidth + output] as number)
    }
  }
}

function withoutBias({ address }: MatrixDelta): LensEngineError {
  const name = addressKey(address)
  return new LensEngineError('BAD_ARGUMENT', `${name} has no bias to merge the edit's into`, {
    details: { matrix: name },
    cure: 'Compute the edit again without biases, or apply it without merging.',
  })
}
