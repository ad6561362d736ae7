// One safetensors file of a model -> the same file with some tensors changed: the header byte for byte, untouched tensors
// copied, changed ones in their own element type, one at a time.
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedModel } from '../runtime/load-model.js'
import type { ParameterDtype } from '../tensor/dtype.js'
import { float32ToBfloat16, float32ToFloat16 } from '../tensor/half-precision.js'
import { writeFileAtomically, type AppendBytes } from '../weights/atomic-file.js'
import { readBytes, readSafetensorsHeader } from '../weights/safetensors.js'
import type { AddToTensor } from './merge-tensors.js'

const CHUNK_BYTES = 8 * 2 ** 20

const encoders: Readonly<Record<ParameterDtype, (values: Float32Array) => ArrayBufferView>> = {
  F32: (values) => values,
  F16: float32ToFloat16,
  BF16: float32ToBfloat16,
}

/** Writes `file` of the model into `directory`. @throws DISK_FULL, FILE_UNREADABLE, WEIGHTS_INVALID */
export function writeMergedFile(
  model: LoadedModel,
  file: string,
  directory: string,
  changes: ReadonlyMap<string, readonly AddToTensor[]>,
): void {
  const path = join(model.files.directory, file)
  const descriptor = openSync(path, 'r')
  try {
    const { tensors, dataStart } = readSafetensorsHeader(descriptor, path)
    writeFileAtomically(join(directory, file), (append) => {
      copy(descriptor, path, { from: 0, length: dataStart, append })
      for (const { name, offset, length } of tensors) {
        const change = model.weights.has(name) ? changes.get(name) : undefined
        if (change === undefined) copy(descriptor, path, { from: offset, length, append })
        else append(changedBytes(model, name, change))
      }
    })
  } finally {
    closeSync(descriptor)
  }
}

interface Stretch {
  readonly from: number
  readonly length: number
  readonly append: AppendBytes
}

function copy(descriptor: number, path: string, { from, length, append }: Stretch): void {
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    append(readBytes(descriptor, from + done, Math.min(CHUNK_BYTES, length - done), path))
  }
}

/** Added up in float64 and rounded once, to the tensor's own element type. */
function changedBytes(
  { weights }: LoadedModel,
  name: string,
  changes: readonly AddToTensor[],
): Uint8Array {
  const values = Float64Array.from(weights.read(name))
  for (const change of changes) change(values)
  const encoded = encoders[weights.get(name).dtype](Float32Array.from(values))
  return new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength)
}
