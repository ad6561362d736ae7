// A GGUF file -> its header and its tensors as float32, read one at a time.
import { closeSync, fstatSync, openSync } from 'node:fs'
import { basename } from 'node:path'
import { LensEngineError } from '../errors.js'
import { dequantize } from './gguf-block-formats.js'
import { readGgufHeader, type GgufHeader, type GgufTensor } from './gguf-header.js'
import { refusePickle } from './pickle-magic.js'
import { readBytes } from './safetensors.js'

export interface GgufFile extends GgufHeader {
  /** Reads and dequantises one tensor. @throws FILE_UNREADABLE, WEIGHTS_INVALID when the file shrank */
  read(tensor: GgufTensor): Float32Array<ArrayBuffer>
}

/**
 * Opens a GGUF file for the time that `use` runs.
 * @throws WEIGHTS_INVALID with `details.reason` from GgufFault; UNSAFE_PICKLE; FILE_UNREADABLE
 */
export function withGguf<Result>(path: string, use: (file: GgufFile) => Result): Result {
  const descriptor = readable(path, () => openSync(path, 'r'))
  try {
    return use(readGguf(path, descriptor))
  } finally {
    closeSync(descriptor)
  }
}

/** The same for a user that works in steps; the file stays open until the last. */
export function* withGgufInSteps<Step, Result>(
  path: string,
  use: (file: GgufFile) => Generator<Step, Result>,
): Generator<Step, Result> {
  const descriptor = readable(path, () => openSync(path, 'r'))
  try {
    return yield* use(readGguf(path, descriptor))
  } finally {
    closeSync(descriptor)
  }
}

function readGguf(path: string, descriptor: number): GgufFile {
  const file = basename(path)
  readable(path, () => refusePickle(path))
  const source = {
    size: fstatSync(descriptor).size,
    read: (position: number, length: number) =>
      readable(path, () => readBytes(descriptor, position, length, file)),
  }
  return {
    ...readGgufHeader(source, file),
    read: ({ format, offset, length }) => dequantize(format, source.read(offset, length)),
  }
}

function readable<Result>(path: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (error instanceof LensEngineError || !(error instanceof Error)) throw error
    throw new LensEngineError('FILE_UNREADABLE', `${path} cannot be read: ${error.message}`, {
      details: { file: path },
      cure: 'Check that the file is there and that this user may read it.',
      cause: error,
    })
  }
}
