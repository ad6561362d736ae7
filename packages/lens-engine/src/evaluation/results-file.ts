// Records <-> a results file of JSON lines, which an interrupted run continues: whole batches are kept, a torn end is dropped.
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { LensEngineError } from '../errors.js'
import type { EndRecord, HeaderRecord, ResultRecord, TimingRecord } from './evaluation-record.js'

/** Where the timings of a results file stand. */
export const timingsPath = (path: string): string => `${path}.timings`

/** A results file as it is on the disk. */
export interface StoredResults {
  readonly header: HeaderRecord
  readonly records: readonly ResultRecord[]
  /** null while the evaluation is not complete. */
  readonly end: EndRecord | null
}

export interface ResultsFile {
  /** Records that were there already, of whole batches. */
  readonly kept: readonly ResultRecord[]
  readonly complete: boolean
  append(records: readonly ResultRecord[], timings: readonly TimingRecord[]): void
  finish(end: EndRecord): void
}

const lineOf = (record: unknown): string => `${JSON.stringify(record)}\n`

/**
 * Opens a results file to write under a header: a new one, or what is there of the same evaluation.
 * @param batches records of each batch
 * @throws BAD_ARGUMENT when the file holds something else; FILE_UNREADABLE, DISK_FULL
 */
export function openResultsFile(
  path: string,
  header: HeaderRecord,
  batches: readonly number[],
): ResultsFile {
  const first = lineOf(header)
  const found = existsSync(path) ? guarded(path, () => readFileSync(path)) : Buffer.alloc(0)
  const torn = Buffer.from(first).subarray(0, found.length).equals(found)
  if (torn && found.length < Buffer.byteLength(first)) {
    guarded(path, () => {
      writeFileSync(timingsPath(path), '')
      writeFileSync(path, first)
    })
    return writer(path, { kept: [], complete: false })
  }
  const text = found.toString('utf8')
  const own = text.slice(0, text.indexOf('\n') + 1)
  if (own !== first) throw otherEvaluation(path, own, header)
  return writer(path, keepWholeBatches(path, text, batches))
}

function writer(path: string, state: Pick<ResultsFile, 'kept' | 'complete'>): ResultsFile {
  return {
    ...state,
    append: (records, timings) =>
      guarded(path, () => {
        appendFileSync(timingsPath(path), timings.map(lineOf).join(''))
        appendFileSync(path, records.map(lineOf).join(''))
      }),
    finish: (end) => guarded(path, () => appendFileSync(path, lineOf(end))),
  }
}

/** Cuts the file after its last whole batch and drops the timings of what was cut. */
function keepWholeBatches(
  path: string,
  text: string,
  batches: readonly number[],
): Pick<ResultsFile, 'kept' | 'complete'> {
  const { records, end } = parseResults(path, text)
  if (end !== null) return { kept: records, complete: true }
  let count = 0
  for (const size of batches) {
    if (count + size > records.length) break
    count += size
  }
  const lines = text.split('\n').slice(0, count + 1)
  const kept = records.slice(0, count)
  const cases = new Set(kept.map(({ caseId }) => caseId))
  guarded(path, () => {
    truncateSync(path, Buffer.byteLength(lines.map((line) => `${line}\n`).join('')))
    const timings = readTimings(path).filter(({ caseId }) => cases.has(caseId))
    writeFileSync(timingsPath(path), timings.map(lineOf).join(''))
  })
  return { kept, complete: false }
}

/**
 * Reads a results file; a torn last line is dropped.
 * @throws DATASET_INVALID naming the line; FILE_UNREADABLE
 */
export function readResults(path: string): StoredResults {
  return parseResults(
    path,
    guarded(path, () => readFileSync(path, 'utf8')),
  )
}

/** Timings of a results file; none when they are gone. */
export function readTimings(path: string): readonly TimingRecord[] {
  const file = timingsPath(path)
  if (!existsSync(file)) return []
  return wholeLines(readFileSync(file, 'utf8')).flatMap((line) => {
    try {
      return [JSON.parse(line) as TimingRecord]
    } catch {
      return []
    }
  })
}

/** Lines that end in a line feed. */
const wholeLines = (text: string): readonly string[] => text.split('\n').slice(0, -1)

function parseResults(path: string, text: string): StoredResults {
  const parsed = wholeLines(text).map((line, index) => parseLine(path, line, index + 1))
  const [header, ...rest] = parsed
  if (header?.kind !== 'header') throw badLine(path, 1, 'it is no header of an evaluation')
  const last = rest.at(-1)
  const end = last?.kind === 'end' ? last : null
  const records = (end === null ? rest : rest.slice(0, -1)).map((record, index) => {
    if (record.kind === 'row' || record.kind === 'failure') return record
    throw badLine(path, index + 2, `a record of kind ${record.kind} does not belong here`)
  })
  return { header, records, end }
}

const kinds: ReadonlySet<string> = new Set(['header', 'row', 'failure', 'end'])

function parseLine(
  path: string,
  line: string,
  number: number,
): HeaderRecord | ResultRecord | EndRecord {
  try {
    const record = JSON.parse(line) as { readonly kind?: unknown } | null
    if (typeof record?.kind === 'string' && kinds.has(record.kind)) {
      return record as HeaderRecord | ResultRecord | EndRecord
    }
  } catch {
    // Answered below, as any other line that is no record.
  }
  throw badLine(path, number, 'it is no record of an evaluation')
}

function badLine(path: string, line: number, reason: string): LensEngineError {
  const file = basename(path)
  return new LensEngineError('DATASET_INVALID', `${file}, line ${line}: ${reason}`, {
    details: { file, line, reason },
    cure: 'Use a file that `lens evaluate` wrote, or write to another one.',
  })
}

function otherEvaluation(path: string, own: string, header: HeaderRecord): LensEngineError {
  const differing = differingFields(own, header)
  return new LensEngineError(
    'BAD_ARGUMENT',
    `${path} holds something else than this evaluation: ${differing}`,
    {
      details: { file: path, differs: differing },
      cure: 'Write to another file, delete this one, or give the arguments it was made with.',
    },
  )
}

function differingFields(own: string, header: HeaderRecord): string {
  try {
    const stored = JSON.parse(own) as Readonly<Record<string, unknown>>
    const wanted = header as unknown as Readonly<Record<string, unknown>>
    const names = [...new Set([...Object.keys(stored), ...Object.keys(wanted)])]
    const differs = (name: string): boolean =>
      JSON.stringify(stored[name]) !== JSON.stringify(wanted[name])
    return names.filter(differs).slice(0, 8).join(', ')
  } catch {
    return 'its first line is no header'
  }
}

/** @throws DISK_FULL, FILE_UNREADABLE */
function guarded<T>(path: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof LensEngineError) throw error
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new LensEngineError(
      full ? 'DISK_FULL' : 'FILE_UNREADABLE',
      `${path} cannot be read or written: ${String(error)}`,
      {
        details: { file: path },
        cure: full
          ? 'Free some space and run the same command again; it goes on.'
          : 'Check that the folder is there and that this user may write to it.',
        cause: error,
      },
    )
  }
}
