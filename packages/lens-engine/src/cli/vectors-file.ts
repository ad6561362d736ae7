// X and Delta of a result -> a safetensors file.
import type { LensResult } from '../lens/lens-result.js'
import { writeSafetensors } from '../weights/safetensors-writer.js'

/**
 * Writes `layers.<l>.<matrix>.input` and `layers.<l>.<matrix>.vjp`, each [positions, width] in float32, whole or not at all.
 * @throws DISK_FULL, FILE_UNREADABLE
 */
export function writeVectors(path: string, result: LensResult): void {
  const { loss, receipt, tokens } = result
  const metadata = {
    loss: String(loss),
    tokens: tokens.map(({ id }) => id).join(','),
    receipt: JSON.stringify(receipt),
  }
  const tensors = result.vectors.flatMap((vectors) => {
    const place = `layers.${vectors.layer}.${vectors.matrix}`
    const shaped = (name: string, data: Float32Array, width: number) => ({
      name: `${place}.${name}`,
      shape: [data.length / width, width],
      data,
    })
    return [
      shaped('input', vectors.input, vectors.inputWidth),
      shaped('vjp', vectors.vjp, vectors.vjpWidth),
    ]
  })
  writeSafetensors(path, tensors, metadata)
}
