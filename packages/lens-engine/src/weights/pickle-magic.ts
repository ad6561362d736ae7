// Tells from a file's first bytes whether it is one of the formats that can run code or that the engine does not read.
import { closeSync, openSync, readSync } from 'node:fs'
import { LensEngineError } from '../errors.js'

/** Extensions under which pickled checkpoints are published; used only to give advice, never to trust. */
export const pickleFileNames = /\.(bin|pt|pth|ckpt|pkl|pickle|h5|npz|msgpack)$/i

const signatures: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive, as torch.save writes it' },
  { bytes: [0x50, 0x4b, 0x05, 0x06], what: 'an empty zip archive' },
  { bytes: [0x89, 0x48, 0x44, 0x46], what: 'an HDF5 file' },
  { bytes: [0x93, 0x4e, 0x55, 0x4d], what: 'a NumPy file' },
]
const firstPickleProtocol = 0x02
const lastPickleProtocol = 0x05

/**
 * Names the unsafe format that the first bytes betray, whatever the file is called; null when there is none.
 * @param head the first bytes of the file, 10 are enough
 */
export function recognizePickle(head: Uint8Array): string | null {
  const found = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  if (found) return found.what
  const protocol = head[1] ?? 0
  // A header length that begins with 0x80 is legal in safetensors, whose ninth byte then opens the header.
  const opensHeader = head[8] === 0x7b || head[8] === 0x20 || head[8] === 0x0a
  if (
    head[0] === 0x80 &&
    protocol >= firstPickleProtocol &&
    protocol <= lastPickleProtocol &&
    !opensHeader
  )
    return `a Python pickle, protocol ${protocol}`
  return null
}

/** Refuses a file whose first bytes are a pickle's. @throws UNSAFE_PICKLE */
export function refusePickle(path: string): void {
  const head = new Uint8Array(10)
  const descriptor = openSync(path, 'r')
  try {
    readSync(descriptor, head, 0, head.length, 0)
  } finally {
    closeSync(descriptor)
  }
  const what = recognizePickle(head)
  if (what !== null) throw unsafePickle(path, what)
}

/** The refusal of a pickled checkpoint, with the way out. */
export function unsafePickle(path: string, what: string): LensEngineError {
  return new LensEngineError(
    'UNSAFE_PICKLE',
    `${path} is ${what}; loading it can run any code it carries`,
    {
      details: { file: path, format: what },
      cure:
        'Convert it to model.safetensors on a machine you can lose (transformers: ' +
        'model.save_pretrained(dir, safe_serialization=True)), or get the safetensors file from the publisher.',
    },
  )
}
