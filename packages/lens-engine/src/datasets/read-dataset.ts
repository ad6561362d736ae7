// A data set file -> evaluation cases, one by one, with a report of what was read, rejected and skipped.
import { basename, join } from 'node:path'
import { LensEngineError } from '../errors.js'
import {
  datasetFormatNames,
  datasetFormats,
  detectFormat,
  type DatasetFormat,
} from './dataset-formats.js'
import type { EvaluationCase } from './evaluation-case.js'
import { recordError, type RecordSource } from './record-fields.js'
import { streamRecords } from './record-stream.js'

export interface ReadDatasetOptions {
  readonly path: string
  /** What errors call the file. Default: the last part of `path`. */
  readonly name?: string
  /** Default `auto`: by the fields of the first record. */
  readonly format?: DatasetFormat | 'auto'
  /** Throw at the first record that cannot be used, instead of listing it. Default false. */
  readonly strict?: boolean
  /** Longest record in UTF-16 units. Default 1,000,000. */
  readonly longestRecord?: number
  /** Told after each piece of the file how many of its bytes were read. */
  readonly onBytes?: (bytes: number) => void
}

export interface RejectedRecord {
  /** From 1. */
  readonly record: number
  readonly field: string
  readonly value: string
  readonly reason: string
}

/** Complete once the reader has come to the end. */
export interface DatasetReport {
  readonly file: string
  readonly format: DatasetFormat | null
  /** sha256 of the file's bytes; null before the end. */
  readonly digest: string | null
  readonly records: number
  readonly accepted: number
  readonly rejected: number
  /** The first 1,000 of them. */
  readonly rejections: readonly RejectedRecord[]
}

export interface DatasetReader extends AsyncIterable<EvaluationCase> {
  readonly report: DatasetReport
}

const REJECTIONS_KEPT = 1000

/**
 * Opens a reader; nothing is read until it is iterated, which may be done once. Memory does not grow with the file but for
 * the ids, which must be unique.
 * @throws (while iterating) DATASET_INVALID, RECORD_INVALID in strict mode, FILE_UNREADABLE
 */
export function readDataset(options: ReadDatasetOptions): DatasetReader {
  const report = {
    file: options.name ?? basename(options.path),
    format: options.format === 'auto' ? null : (options.format ?? null),
    digest: null as string | null,
    records: 0,
    accepted: 0,
    rejected: 0,
    rejections: [] as RejectedRecord[],
  }
  return { report, [Symbol.asyncIterator]: () => casesOf(options, report) }
}

/** Every case at once, with the report. */
export async function loadDataset(
  options: ReadDatasetOptions,
): Promise<{ cases: EvaluationCase[]; report: DatasetReport }> {
  const reader = readDataset(options)
  const cases: EvaluationCase[] = []
  for await (const one of reader) cases.push(one)
  return { cases, report: reader.report }
}

/** The bundled facts, in a clone at `root`. */
export function factsPath(root: string): string {
  return join(root, 'datasets', 'facts.json')
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Progress = Writable<Omit<DatasetReport, 'rejections'>> & { rejections: RejectedRecord[] }

async function* casesOf(
  { path, strict = false, longestRecord = 1_000_000, onBytes }: ReadDatasetOptions,
  report: Progress,
): AsyncGenerator<EvaluationCase> {
  const { file } = report
  const seen = new Set<string>()
  const onDigest = (digest: string): void => void (report.digest = digest)
  for await (const record of streamRecords({ path, file, longestRecord, onDigest, onBytes })) {
    report.records++
    report.format ??= formatOf(record)
    const accepted = accept(record, report, { strict, seen })
    if (accepted !== null) yield accepted
  }
}

function accept(
  record: RecordSource,
  report: Progress,
  { strict, seen }: { readonly strict: boolean; readonly seen: Set<string> },
): EvaluationCase | null {
  try {
    const found = datasetFormats[report.format!].toCase(record)
    if (seen.has(found.id))
      throw recordError(record, 'id', found.id, 'an earlier record has this id')
    seen.add(found.id)
    report.accepted++
    return found
  } catch (error) {
    if (strict || !(error instanceof LensEngineError)) throw error
    report.rejected++
    if (report.rejections.length < REJECTIONS_KEPT) report.rejections.push(rejection(record, error))
    return null
  }
}

function rejection(
  { number }: RecordSource,
  { details, message }: LensEngineError,
): RejectedRecord {
  return {
    record: number,
    field: String(details.field ?? ''),
    value: String(details.value ?? ''),
    reason: String(details.reason ?? message),
  }
}

function formatOf({ file, number, value }: RecordSource): DatasetFormat {
  const format = detectFormat(value)
  if (format !== null) return format
  const fields = Object.keys(value).slice(0, 12).join(', ')
  throw new LensEngineError(
    'DATASET_INVALID',
    `${file}, record ${number}: fields ${fields} are of no known format`,
    {
      details: { file, record: number, fields },
      cure: `Name the format; known ones are ${datasetFormatNames.join(', ')}.`,
    },
  )
}
