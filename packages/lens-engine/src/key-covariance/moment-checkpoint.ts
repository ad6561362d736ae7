// What an interrupted collection had summed <-> a file: a line of JSON, then the float64 sums as they are in memory.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { writeFileAtomically } from '../weights/atomic-file.js'
import type { KeyMoments } from './collect-moments.js'

interface CheckpointHeader {
  /** Digest of everything the sums depend on. */
  readonly settings: string
  readonly documents: number
  readonly tokens: number
  readonly layers: readonly number[]
  readonly sha256: string
}

const bytesOf = (sum: Float64Array): Buffer =>
  Buffer.from(sum.buffer, sum.byteOffset, sum.byteLength)

export function writeCheckpoint(path: string, settings: string, moments: KeyMoments): void {
  const layers = [...moments.sums.keys()]
  const bodies = [...moments.sums.values()].map(bytesOf)
  const hash = createHash('sha256')
  for (const body of bodies) hash.update(body)
  const { documents, tokens } = moments
  const header: CheckpointHeader = {
    settings,
    documents,
    tokens,
    layers,
    sha256: hash.digest('hex'),
  }
  writeFileAtomically(path, (append) => {
    append(Buffer.from(`${JSON.stringify(header)}\n`))
    for (const body of bodies) append(body)
  })
}

/**
 * Fills `moments` from the checkpoint of the same settings. A checkpoint of others or a damaged one is left unused, so
 * that the collection begins anew.
 * @returns whether it was filled
 */
export function readCheckpoint(path: string, settings: string, moments: KeyMoments): boolean {
  if (!existsSync(path)) return false
  const bytes = readFileSync(path)
  const end = bytes.indexOf(10)
  const header = parseHeader(bytes.subarray(0, Math.max(0, end)))
  const body = bytes.subarray(end + 1)
  const wanted = [...moments.sums.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  const same =
    header?.settings === settings &&
    header.layers.join() === [...moments.sums.keys()].join() &&
    body.length === wanted &&
    createHash('sha256').update(body).digest('hex') === header.sha256
  if (header === null || !same) return false
  let offset = 0
  for (const sum of moments.sums.values()) {
    bytesOf(sum).set(body.subarray(offset, offset + sum.byteLength))
    offset += sum.byteLength
  }
  moments.documents = header.documents
  moments.tokens = header.tokens
  return true
}

export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true })
}

function parseHeader(bytes: Uint8Array): CheckpointHeader | null {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as CheckpointHeader
  } catch {
    return null
  }
}
