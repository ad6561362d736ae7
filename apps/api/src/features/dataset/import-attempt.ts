// One import of a data set: the file on this machine, then its cases in the tables, with its progress all the while.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { DatasetFormat } from '../../engine/dataset-library.js'
import type { ServerPaths } from '../../engine/server-paths.js'
import { UserFailure } from '../../errors/user-failure.js'
import { ProgressWriter } from '../../jobs/progress-writer.js'
import type { CaseRow, RejectedCase } from './case-row.js'
import type { AllowedHosts } from './dataset-address.js'
import type {
  DatasetImportRepository,
  DatasetImportRow,
  ImportStep,
} from './dataset-import.repository.js'
import { readDatasetSource } from './dataset-source.js'
import type { DatasetStoreRepository, DatasetSummary } from './dataset-store.repository.js'
import { fetchFile } from './fetch-file.js'
import { readCases } from './read-cases.js'
import type { CaseFile } from './read-cases.js'
import { tooLarge } from './receive-file.js'
import type { UploadStore } from './upload-store.js'

export interface ImportAttemptParts {
  readonly imports: DatasetImportRepository
  readonly store: DatasetStoreRepository
  readonly uploads: UploadStore
  readonly paths: ServerPaths
  readonly hosts: AllowedHosts
  readonly row: DatasetImportRow
  readonly signal: AbortSignal
  /** It was cancelled or given up elsewhere. */
  readonly onLost: () => void
}

/** Milliseconds between writes of progress. */
const rest = 200
/** Rejections that travel with the progress. */
const rejectionsShown = 20

interface LocatedFile {
  readonly file: CaseFile
  /** Whether nobody needs it any more, however the import ends. */
  readonly temporary: boolean
}

export class ImportAttempt {
  readonly #parts: ImportAttemptParts
  readonly #rejections: RejectedCase[] = []
  readonly #writer: ProgressWriter<ImportStep>
  #step: ImportStep = {
    ...{ stage: 'looking', receivedBytes: 0, totalBytes: null },
    ...{ records: 0, rejected: 0, rejections: [] },
  }

  constructor(parts: ImportAttemptParts) {
    this.#parts = parts
    const { imports, row, onLost } = parts
    this.#writer = new ProgressWriter(async (latest: ImportStep) => {
      if (!(await imports.setProgress(row.id, latest))) onLost()
    }, rest)
  }

  /** @throws UserFailure, LensEngineError; the signal's reason. Then nothing was stored. */
  async make(): Promise<void> {
    try {
      const { file, temporary } = await this.#locate()
      try {
        await this.#store(file)
        if (this.#parts.row.source.startsWith('upload:'))
          await this.#parts.uploads.remove(file.path)
      } finally {
        if (temporary) await this.#parts.uploads.remove(file.path)
      }
    } finally {
      this.#report({})
      await this.#writer.end()
    }
  }

  async #store(file: CaseFile): Promise<void> {
    const { imports, store, row } = this.#parts
    const { projectId, authorId, name, source, id } = row
    const same = file.digest === null ? null : await store.findByDigest(projectId, file.digest)
    if (same !== null) return void (await imports.endWith(id, same))
    this.#report({ stage: 'storing', receivedBytes: 0, totalBytes: file.bytes })
    const head = { projectId, authorId, name, source, importId: id, bundled: false }
    const stored = await store.store(head, (insert) => this.#read(file, insert))
    if (stored.outcome === 'known') await imports.endWith(id, stored.datasetId)
  }

  async #read(
    file: CaseFile,
    insert: (rows: readonly CaseRow[]) => Promise<void>,
  ): Promise<DatasetSummary> {
    const { row, signal } = this.#parts
    const summary = await readCases({
      ...{ file, insert, signal },
      format: row.format as DatasetFormat | null,
      rejections: this.#rejections,
      onProgress: ({ bytes, ...counts }) => this.#report({ ...counts, receivedBytes: bytes }),
    })
    await this.#writer.end()
    return summary
  }

  #report(changes: Partial<ImportStep>): void {
    const rejections = this.#rejections.slice(0, rejectionsShown)
    this.#step = { ...this.#step, ...changes, rejections }
    this.#writer.offer(this.#step, this.#step.stage)
  }

  /** The file on this machine, fetched first where it is elsewhere. */
  async #locate(): Promise<LocatedFile> {
    const { uploads, hosts: allowed, row, signal } = this.#parts
    const source = await readDatasetSource(row.source, row.authorId, this.#parts)
    if (source.kind === 'path')
      return { file: await serverFile(source.path, uploads.limit, signal), temporary: false }
    if (source.kind === 'upload')
      return { file: await uploads.find(source.id, row.authorId), temporary: false }
    const onBytes = (receivedBytes: number, totalBytes: number | null): void =>
      this.#report({ stage: 'downloading', receivedBytes, totalBytes })
    const place = { path: uploads.newPath(), limit: uploads.limit }
    const file = await fetchFile({ address: source.url, allowed, ...place, onBytes, signal })
    return { file: { ...file, name: source.name }, temporary: true }
  }
}

/** A regular file of a size that would be let in by upload too; read once for its digest, which may be known already. */
async function serverFile(path: string, limit: number, signal: AbortSignal): Promise<CaseFile> {
  const found = await stat(path)
  if (!found.isFile())
    throw new UserFailure('FILE_UNREADABLE', `${path} is no file.`, {
      field: 'source',
      cure: 'Name a file: a JSON array of records, or one JSON record a line.',
    })
  if (found.size > limit) throw tooLarge(limit)
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Uint8Array)
  } catch (error) {
    signal.throwIfAborted()
    throw new UserFailure(
      'FILE_UNREADABLE',
      `${path} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`,
      {
        field: 'source',
        cure: 'Check that the server may read it.',
      },
    )
  }
  return { path, bytes: found.size, digest: hash.digest('hex') }
}
