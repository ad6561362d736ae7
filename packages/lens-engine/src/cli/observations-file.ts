// Observations of prompts <-> a file of JSON lines that an interrupted run continues; a torn end is dropped.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetReport } from '../datasets/read-dataset.js'
import { LensEngineError } from '../errors.js'
import type { FiguresReceipt } from '../figures/observe-prompts.js'
import type { ObservedPrompt } from '../figures/prompt-observation.js'
import { engineVersion } from '../engine-version.js'
import type { LoadedModel } from '../runtime/load-model.js'

export interface ObservationsFile {
  /** By case; grows as observations are appended. */
  readonly known: ReadonlyMap<string, ObservedPrompt>
  append(observed: ObservedPrompt): void
  /** Keeps the receipt of the latest computation, and answers it when nothing had to be computed. */
  keepReceipt(receipt: FiguresReceipt | null): FiguresReceipt | null
}

interface Observed {
  readonly model: LoadedModel
  readonly dataset: DatasetReport
}

/** @throws BAD_ARGUMENT when the directory holds observations of another model or data set; FILE_UNREADABLE, DISK_FULL */
export function openObservations(directory: string, observed: Observed): ObservationsFile {
  const path = join(directory, 'observations.jsonl')
  const header = `${JSON.stringify(headerOf(observed))}\n`
  const found = existsSync(path) ? guarded(path, () => readFileSync(path, 'utf8')) : ''
  const whole = found.slice(0, found.lastIndexOf('\n') + 1)
  if (whole !== '' && !whole.startsWith(header)) throw otherObservations(path)
  const known = readObservations(path, whole.slice(header.length))
  guarded(path, () => writeFileSync(path, whole === '' ? header : whole))
  return {
    known,
    append: (one) => {
      known.set(one.caseId, one)
      guarded(path, () => appendFileSync(path, `${JSON.stringify(one)}\n`))
    },
    keepReceipt: (receipt) => keepReceipt(join(directory, 'receipt.json'), receipt),
  }
}

/** What `lens figures` observed in a directory. @throws FILE_UNREADABLE, DATASET_INVALID */
export function readObservationsOf(directory: string): readonly ObservedPrompt[] {
  const path = join(directory, 'observations.jsonl')
  const text = guarded(path, () => readFileSync(path, 'utf8'))
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return [...readObservations(path, whole.slice(whole.indexOf('\n') + 1)).values()]
}

const headerOf = ({ model: { files, tokenizer }, dataset }: Observed) => ({
  kind: 'observations',
  engineVersion,
  weightsDigest: files.weightsDigest,
  configDigest: files.configDigest,
  tokenizerDigest: tokenizer?.digest ?? null,
  datasetDigest: dataset.digest,
})

/** A prompt that was observed again, with its smallest steps, counts with its last line. */
function readObservations(path: string, text: string): Map<string, ObservedPrompt> {
  const known = new Map<string, ObservedPrompt>()
  text
    .split('\n')
    .slice(0, -1)
    .forEach((row, index) => {
      const observed = parseRow(row)
      if (observed === null) throw badRow(path, index + 2)
      known.set(observed.caseId, observed)
    })
  return known
}

function parseRow(row: string): ObservedPrompt | null {
  try {
    const parsed = JSON.parse(row) as Partial<ObservedPrompt> | null
    return typeof parsed?.caseId === 'string' ? (parsed as ObservedPrompt) : null
  } catch {
    return null
  }
}

function keepReceipt(path: string, receipt: FiguresReceipt | null): FiguresReceipt | null {
  if (receipt !== null) {
    guarded(path, () => writeFileSync(path, `${JSON.stringify(receipt, null, 2)}\n`))
    return receipt
  }
  if (!existsSync(path)) return null
  return guarded(path, () => JSON.parse(readFileSync(path, 'utf8')) as FiguresReceipt)
}

const otherObservations = (path: string): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', `${path} holds observations of something else`, {
    details: { file: path },
    cure: 'Write to another directory, delete the file, or use the model, data set and version it was made with.',
  })

const badRow = (path: string, row: number): LensEngineError =>
  new LensEngineError('DATASET_INVALID', `${path}, line ${row}: it is no observation`, {
    details: { file: path, line: row },
    cure: 'Delete the file and observe the prompts again.',
  })

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
