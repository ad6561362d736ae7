// A text file, plain or gzipped -> its documents, streamed in order, and its digest.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { LensEngineError } from '../errors.js'

/** One way of finding documents in a file's lines. A reader answers a finished document, or null while one goes on. */
interface CorpusFormat {
  readonly description: string
  /** A stateful reader of lines; called with null at the end of the file. */
  createReader(path: string): (line: string | null, number: number) => string | null
}

export const corpusFormats = {
  lines: {
    description: 'one document on each line',
    createReader: () => (line) => line,
  },
  paragraphs: {
    description: 'documents separated by empty lines',
    createReader: () => {
      let open: string[] = []
      return (line) => {
        if (line !== null && line.trim() !== '') {
          open.push(line)
          return null
        }
        const document = open.join('\n')
        open = []
        return document
      }
    },
  },
  jsonl: {
    description: 'one JSON object with a field "text" on each line',
    createReader: (path) => (line, number) =>
      line === null ? null : textField(line, number, path),
  },
  wordnet: {
    description: 'the glosses of a WordNet data file (data.noun, data.verb, ...)',
    createReader: () => (line) => {
      const bar = line === null || line.startsWith('  ') ? -1 : line.indexOf(' | ')
      return bar < 0 ? null : (line as string).slice(bar + 3)
    },
  },
} as const satisfies Readonly<Record<string, CorpusFormat>>

export type CorpusFormatName = keyof typeof corpusFormats

export interface TextCorpus {
  readonly path: string
  readonly format: CorpusFormatName
}

/** The format a file's name suggests. */
export function guessCorpusFormat(path: string): CorpusFormatName {
  const name = basename(path).replace(/\.gz$/, '')
  if (/^data\.(noun|verb|adj|adv)$/.test(name)) return 'wordnet'
  return /\.(jsonl|ndjson)$/.test(name) ? 'jsonl' : 'lines'
}

/** @throws CORPUS_INVALID when there is no such file */
export function openCorpus(path: string, format?: CorpusFormatName): TextCorpus {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw corpusInvalid(path, 'there is no such file', 'Name a text file, plain or gzipped.')
  }
  return { path, format: format ?? guessCorpusFormat(path) }
}

/** sha256 of the file's bytes, hexadecimal. */
export async function digestCorpus({ path }: TextCorpus): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Documents that are not empty, in order. @throws CORPUS_INVALID naming file and line */
export async function* readDocuments({ path, format }: TextCorpus): AsyncGenerator<string> {
  const read = corpusFormats[format].createReader(path) as ReturnType<CorpusFormat['createReader']>
  let number = 0
  try {
    for await (const line of linesOf(path)) {
      const document = read(line, ++number)?.trim() ?? ''
      if (document !== '') yield document
    }
    const last = read(null, number)?.trim() ?? ''
    if (last !== '') yield last
  } catch (error) {
    if (error instanceof LensEngineError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw corpusInvalid(path, `line ${number + 1}: ${reason}`, 'Check that the file is whole.')
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  file.on('error', (error) => input.destroy(error))
  const lines = createInterface({ input, crlfDelay: Infinity })
  // readline ends silently when its input fails, so the failure is kept and thrown.
  let failure: Error | null = null
  input.on('error', (error: Error) => {
    failure = error
    lines.close()
  })
  yield* lines
  if (failure !== null) throw failure as Error
}

function textField(line: string, number: number, path: string): string | null {
  if (line.trim() === '') return null
  let text: unknown
  try {
    text = (JSON.parse(line) as { text?: unknown } | null)?.text
  } catch {
    text = undefined
  }
  if (typeof text === 'string') return text
  throw corpusInvalid(
    path,
    `line ${number} is no JSON object with a text in "text": ${line.slice(0, 60)}`,
    'Write {"text": "..."} on each line.',
  )
}

function corpusInvalid(path: string, reason: string, cure: string): LensEngineError {
  return new LensEngineError('CORPUS_INVALID', `the corpus ${path}: ${reason}`, {
    details: { file: path, reason },
    cure,
  })
}
