// Float32 tensors -> a safetensors file, one tensor at a time, so that a model larger than the heap can be written.
import { writeFileInSteps } from './atomic-file.js'

/** A tensor to write; `data` may be a function, called once, when its turn comes. */
export interface TensorToWrite {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | (() => Float32Array)
}

/**
 * Writes tensors as F32 under `path`, whole or not at all.
 * @param metadata free text for the header's `__metadata__`
 * @returns bytes written
 * @throws DISK_FULL, FILE_UNREADABLE; RangeError when a tensor's data does not have its shape's length
 */
export function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): number {
  const steps = writeSafetensorsInSteps(path, tensors, metadata)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The bytes of the file that `writeSafetensors` writes. @throws RangeError as it does */
export function safetensorsBytes(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return Buffer.concat([buildHeader(tensors, metadata), ...tensors.map(dataBytes)])
}

/** As `writeSafetensors`, yielding the bytes of the tensors written so far after each. */
export function* writeSafetensorsInSteps(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Generator<number, number> {
  const header = buildHeader(tensors, metadata)
  const total = header.length + tensors.reduce((sum, tensor) => sum + byteLength(tensor), 0)
  yield* writeFileInSteps(
    path,
    function* (append) {
      let written = 0
      append(header)
      for (const tensor of tensors) {
        append(dataBytes(tensor))
        yield (written += byteLength(tensor))
      }
    },
    total,
  )
  return total
}

function buildHeader(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const entries: [string, unknown][] =
    Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  let offset = 0
  for (const tensor of tensors) {
    const end = offset + byteLength(tensor)
    entries.push([tensor.name, { dtype: 'F32', shape: tensor.shape, data_offsets: [offset, end] }])
    offset = end
  }
  // Joined by hand, so that a name such as "__proto__" or "0" keeps its place; spaces align the data to 8 bytes.
  const text = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
  const padding = (8 - (Buffer.byteLength(text) % 8)) % 8
  const body = Buffer.from(text + ' '.repeat(padding))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(body.length))
  return Buffer.concat([prefix, body])
}

function byteLength(tensor: TensorToWrite): number {
  return 4 * tensor.shape.reduce((product, size) => product * size, 1)
}

function dataBytes(tensor: TensorToWrite): Uint8Array {
  const data = typeof tensor.data === 'function' ? tensor.data() : tensor.data
  if (data.byteLength !== byteLength(tensor))
    throw new RangeError(
      `${tensor.name}: ${data.length} values do not fill the shape [${tensor.shape.join(', ')}]`,
    )
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
