// A file of records -> its records one by one, in bounded memory: a JSON array of objects, or one JSON object a line.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { LensEngineError } from '../errors.js'
import { isObject, type RecordSource } from './record-fields.js'
import { RecordSplitter } from './record-splitter.js'

export interface RecordFile {
  readonly path: string
  /** Name in errors. */
  readonly file: string
  /** Longest record in UTF-16 units. */
  readonly longestRecord: number
  /** Told the sha256 of the whole file once it was read to its end. */
  readonly onDigest: (sha256: string) => void
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/**
 * Records in the file's order. Reading stops where the caller stops; the digest needs the whole file.
 * @throws DATASET_INVALID for malformed JSON or UTF-8, with record and line; FILE_UNREADABLE
 */
export async function* streamRecords(source: RecordFile): AsyncGenerator<RecordSource> {
  const { file } = source
  const hash = createHash('sha256')
  const splitter = new RecordSplitter(file, source.longestRecord)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let bytes = 0
  const parse = (text: string): RecordSource => parseRecord(text, file, ++number, splitter.line)
  for await (const chunk of chunksOf(source.path)) {
    hash.update(chunk)
    source.onBytes?.((bytes += chunk.length))
    for (const text of splitter.push(decode(decoder, chunk, splitter))) yield parse(text)
  }
  for (const text of splitter.push(decode(decoder, null, splitter))) yield parse(text)
  splitter.end()
  source.onDigest(hash.digest('hex'))
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new LensEngineError('FILE_UNREADABLE', `cannot read ${path}: ${reason}`, {
      details: { path, reason },
      cure: 'Check that the file exists and that you may read it.',
      cause,
    })
  }
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Uint8Array | null,
  splitter: RecordSplitter,
): string {
  try {
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch {
    throw splitter.error('bytes that are not UTF-8')
  }
}

function parseRecord(text: string, file: string, number: number, line: number): RecordSource {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new LensEngineError(
      'DATASET_INVALID',
      `${file}, record ${number}, ends in line ${line}: ${(error as Error).message}`,
      {
        details: { file, record: number, line },
        cure: 'Download the file again, or correct the JSON at this place.',
      },
    )
  }
  if (isObject(value)) return { file, number, value }
  throw new LensEngineError('DATASET_INVALID', `${file}, record ${number}: not a JSON object`, {
    details: { file, record: number, line },
    cure: 'Give an array of objects, or one object a line.',
  })
}
