// X and Delta of a result -> a safetensors file, with the same tensor names as the `lens` command's --vectors.
import { writeSafetensors } from '@imprint/lens-engine'
import type { TensorToWrite } from '@imprint/lens-engine'
import type { LensResult } from './engine-vocabulary.js'

/** Writes the file whole or not at all; returns its bytes. @throws DISK_FULL */
export function writeVectors(file: string, result: LensResult): number {
  const tensors = result.vectors.flatMap((vectors): TensorToWrite[] => {
    const place = `layers.${vectors.layer}.${vectors.matrix}`
    const { input, inputWidth, vjp, vjpWidth } = vectors
    return [
      { name: `${place}.input`, shape: [input.length / inputWidth, inputWidth], data: input },
      { name: `${place}.vjp`, shape: [vjp.length / vjpWidth, vjpWidth], data: vjp },
    ]
  })
  return writeSafetensors(file, tensors, {
    format: 'imprint-vectors',
    weights: result.receipt.weightsDigest,
  })
}
