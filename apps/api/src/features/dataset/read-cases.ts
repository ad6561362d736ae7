// A file of a data set -> groups of rows for the database, and what there is to say about it in the end.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import { countFeatures, noFeatures, openDataset } from '../../engine/dataset-library.js'
import type { DatasetFormat, DatasetReader } from '../../engine/dataset-library.js'
import { storableText } from '../text-rules.js'
import { faultOf, toCaseRow } from './case-row.js'
import type { CaseRow, RejectedCase } from './case-row.js'
import type { DatasetSummary } from './dataset-store.repository.js'

export interface CaseFile {
  readonly path: string
  /** What its sender calls it; the last part of the path otherwise. */
  readonly name?: string
  readonly bytes: number
  /** sha256 of what was looked at; null when the file was not read before. */
  readonly digest: string | null
}

export interface ReadingProgress {
  readonly bytes: number
  readonly records: number
  readonly rejected: number
}

export interface ReadCasesOptions {
  readonly file: CaseFile
  /** Null: by the first record. */
  readonly format: DatasetFormat | null
  readonly insert: (rows: readonly CaseRow[]) => Promise<void>
  readonly onProgress: (progress: ReadingProgress) => void
  /** Told every rejection that is kept, as the reading goes on: those of a file that fails are worth knowing too. */
  readonly rejections: RejectedCase[]
  readonly signal: AbortSignal
}

/** Rows that travel to the database together. */
const groupSize = 200
/** Rejections that are kept; all are counted. */
const rejectionsKept = 1_000

/** @throws LensEngineError DATASET_INVALID, FILE_UNREADABLE; the signal's reason */
export async function readCases(options: ReadCasesOptions): Promise<DatasetSummary> {
  const { file, format, insert, onProgress, rejections, signal } = options
  let bytes = 0
  const reader = openDataset({
    ...{ path: file.path, name: file.name, format },
    onBytes: (read) => (bytes = read),
  })
  const features = noFeatures()
  const state = { cases: 0, refused: 0, copied: 0 }
  let group: CaseRow[] = []
  const flush = async (): Promise<void> => {
    signal.throwIfAborted()
    if (group.length > 0) await insert(group)
    group = []
    state.copied = copyRejections(reader, state.copied, rejections)
    onProgress({ bytes, ...countsOf(reader, state.refused) })
    await nextTurn()
  }
  for await (const one of reader) {
    const fault = faultOf(one)
    if (fault !== null) {
      state.refused += 1
      state.copied = copyRejections(reader, state.copied, rejections)
      keep(rejections, { record: reader.report.records, ...fault })
      continue
    }
    countFeatures(features, one)
    group.push(toCaseRow(one, state.cases++))
    if (group.length === groupSize) await flush()
  }
  await flush()
  const { rejected, records } = countsOf(reader, state.refused)
  checkFound(file, reader, { cases: state.cases, records, rejections })
  const { format: found, digest } = reader.report
  return {
    ...{ rejected, features, rejections, bytes, cases: state.cases },
    digest: digest as string,
    format: found as string,
  }
}

const countsOf = ({ report }: DatasetReader, refused: number) => ({
  records: report.records,
  rejected: report.rejected + refused,
})

function keep(rejections: RejectedCase[], rejection: RejectedCase): void {
  if (rejections.length < rejectionsKept) rejections.push(rejection)
}

/** The reader keeps its own list; what is new in it since `copied` is put behind ours, in the order of the file. */
function copyRejections(
  { report }: DatasetReader,
  copied: number,
  rejections: RejectedCase[],
): number {
  for (const { record, field, reason, value } of report.rejections.slice(copied)) {
    const shown = value === '' ? reason : `${reason}; it is ${value}`
    keep(rejections, { record, field: field || null, reason: storableText(shown) })
  }
  return report.rejections.length
}

interface Found {
  readonly cases: number
  readonly records: number
  readonly rejections: readonly RejectedCase[]
}

/** @throws DATASET_INVALID for a file without a case, and for one that changed while it was read */
function checkFound(file: CaseFile, { report }: DatasetReader, found: Found): void {
  if (file.digest !== null && file.digest !== report.digest)
    throw new LensEngineError('DATASET_INVALID', 'the file changed while it was read', {
      details: { file: report.file },
      cure: 'Import it again when nothing writes to it any more.',
    })
  if (found.cases > 0) return
  const [first] = found.rejections
  const reason =
    first === undefined
      ? 'the file has no records'
      : `none of its ${found.records} records can be used; the first, in field ${first.field ?? '?'}: ${first.reason}`
  throw new LensEngineError('DATASET_INVALID', reason, {
    details: { file: report.file, records: found.records },
    cure: 'Check that it is the right file, and name its format if it was mistaken for another.',
  })
}
