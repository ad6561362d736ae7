// Runs, edits and evaluations of a viewer's project -> files, and files -> the same again in another project.
import { readFile } from 'node:fs/promises'
import { LensEngineError, engineVersion } from '../../engine/engine-vocabulary.js'
import { UserFailure } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { UploadStore } from '../dataset/upload-store.js'
import { digestQuestion } from '../lens-run/run-request.js'
import { importName } from '../request-names.js'
import { sliceDigest } from '../slice/slice.service.js'
import {
  editContent,
  editRow,
  evaluationContent,
  evaluationRow,
  runContent,
  runRow,
} from './contents.js'
import type { EvaluationContent, EvaluationRow } from './contents.js'
import { toStoredEdit, toStoredRun } from './decode-content.js'
import { invalid, largestExport, missing, readExport } from './export-file.js'
import type { ExportKind, ExportSource } from './export-file.js'
import type { ExportRepository } from './export.repository.js'
import type { ImportRepository } from './import.repository.js'

export interface ExportServiceParts {
  readonly exports: ExportRepository
  readonly imports: ImportRepository
  readonly accounts: AccountRepository
  readonly uploads: UploadStore
}

/** What an import gave: something new, or what an earlier import of the same file had made. */
export interface Imported {
  readonly id: string
  readonly existed: boolean
}

/** Each loses only to an import of the same file that was deleted at once. */
const attempts = 5

export class ExportService {
  readonly #parts: ExportServiceParts

  constructor(parts: ExportServiceParts) {
    this.#parts = parts
  }

  /** Null when there is none that is finished. */
  async source(viewer: Viewer, kind: ExportKind, id: string): Promise<ExportSource | null> {
    if (!isUuid(id)) return null
    const found = await this.#parts.exports[kind](viewer.projectId, id.toLowerCase())
    if (found === null) return null
    const { authorId, createdAt, content, rows } = found
    const author = (await this.#parts.accounts.userNames([authorId])).get(authorId) ?? ''
    const times = { createdAt: createdAt.toISOString(), exportedAt: new Date().toISOString() }
    const provenance = { id, author, ...times, imprintVersion: engineVersion }
    return { kind, provenance, content, rows }
  }

  /** @throws UserFailure; then nothing was written */
  importRun(viewer: Viewer, uploadId: string): Promise<Imported> {
    return this.#import(viewer, 'run', uploadId, async (text) => {
      const file = readExport(text, 'run', { content: runContent, row: runRow })
      const { content, contentDigest } = file
      const modelId = await this.#modelId(viewer, content.model)
      const digests = content.edits.map(({ digest }) => digest)
      const editIds = await this.#editIds(viewer, modelId, digests)
      if (digestQuestion(content.model.digest, content, digests) !== content.configDigest)
        throw invalid('its question is not the one that its configDigest names')
      const result = toStoredRun(content, file.rows)
      return this.#once(viewer, 'run', contentDigest, (key) =>
        this.#parts.imports.run(viewer, { key, content, result, modelId, editIds }),
      )
    })
  }

  /** @throws UserFailure; then nothing was written */
  importEdit(viewer: Viewer, uploadId: string): Promise<Imported> {
    return this.#import(viewer, 'edit', uploadId, async (text) => {
      const schemas = { content: editContent, row: editRow }
      const { content, rows, contentDigest } = readExport(text, 'edit', schemas)
      const modelId = await this.#modelId(viewer, content.model)
      const onTopOf = await this.#editIds(viewer, modelId, content.onTopOf)
      const model = { id: modelId, digest: content.model.digest }
      const deltas = toStoredEdit(content, rows)
      return this.#once(viewer, 'edit', contentDigest, (key) =>
        this.#parts.imports.edit(viewer, { key, content, deltas, model, onTopOf }),
      )
    })
  }

  /** @throws UserFailure; then nothing was written */
  importEvaluation(viewer: Viewer, uploadId: string): Promise<Imported> {
    return this.#import(viewer, 'evaluation', uploadId, async (text) => {
      const schemas = { content: evaluationContent, row: evaluationRow }
      const { content, rows, contentDigest } = readExport(text, 'evaluation', schemas)
      const { digest, name } = content.dataset
      const dataset = await this.#parts.imports.datasetOf(viewer.projectId, digest)
      if (dataset === null)
        throw missing(`the data set ${name}`, digest, 'Import that data set first.')
      checkEvaluation(content, rows, dataset.cases)
      const modelIds: string[] = []
      for (const { model } of content.arms) modelIds.push(await this.#modelId(viewer, model))
      const { knownBy } = content.slice
      const knownByModelId = knownBy === null ? null : await this.#modelId(viewer, knownBy)
      const source = { content, rows, modelIds, knownByModelId, datasetId: dataset.id }
      return this.#once(viewer, 'evaluation', contentDigest, (key) =>
        this.#parts.imports.evaluation(viewer, { key, ...source }),
      )
    })
  }

  async #import(
    viewer: Viewer,
    kind: ExportKind,
    uploadId: string,
    write: (text: string) => Promise<Imported>,
  ): Promise<Imported> {
    const upload = await this.#parts.uploads
      .find(uploadId, viewer.userId)
      .catch((error: unknown) => {
        if (!(error instanceof UserFailure)) throw error
        const { code, message, cure } = error
        throw new UserFailure(code, message, { field: 'uploadId', cure })
      })
    if (upload.bytes > largestExport)
      throw new UserFailure(
        'EXPORT_TOO_LARGE',
        `The file has ${upload.bytes} bytes; at most ${largestExport} are read.`,
        { field: 'uploadId', cure: 'Import evaluations with fewer cases, edits as safetensors.' },
      )
    const made = await asUserFailure(async () => write(await readFile(upload.path, 'utf8')))
    await this.#parts.uploads.remove(upload.path)
    const detail = { file: upload.digest, existed: made.existed }
    await this.#parts.accounts.recordEvent(viewer, `${kind}.import`, made.id, detail)
    return made
  }

  /** A content that the project has from an earlier import is not written a second time. */
  async #once(
    viewer: Viewer,
    kind: ExportKind,
    contentDigest: string,
    write: (key: string) => Promise<string | null>,
  ): Promise<Imported> {
    const { imports } = this.#parts
    const key = importName(contentDigest)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = await imports.found(kind, viewer.projectId, key)
      if (found !== null) return { id: found, existed: true }
      const id = await write(key)
      if (id !== null) return { id, existed: false }
      // Another import of it has ended by now, or it is no import that has the name.
      await imports.freeName(kind, viewer, key)
    }
    throw new Error(`Others took ${key} at each of ${attempts} attempts to import it`)
  }

  async #modelId(viewer: Viewer, model: { digest: string; name: string }): Promise<string> {
    const id = await this.#parts.imports.modelIdOf(viewer.projectId, model.digest)
    if (id !== null) return id
    throw missing(
      `the model ${model.name}`,
      model.digest,
      'Add that very model to the project first.',
    )
  }

  async #editIds(viewer: Viewer, modelId: string, digests: readonly string[]): Promise<string[]> {
    const ids = await this.#parts.imports.editIdsOf(viewer.projectId, modelId, digests)
    return ids.map((id, index) => {
      if (id !== null) return id
      throw missing('an edit', digests[index] ?? '', 'Import the edits that it runs under first.')
    })
  }
}

/** Rows must be those of the arms and cases that the head names, each once. */
function checkEvaluation(
  { arms, cases, slice, dataset }: EvaluationContent,
  rows: readonly EvaluationRow[],
  datasetCases: number,
): void {
  if (slice.places.some((place) => place >= datasetCases) || cases > slice.places.length)
    throw invalid('its cases are not in its data set')
  if (slice.digest !== null && slice.digest !== sliceDigest(dataset.digest, slice.places))
    throw invalid('its cases are not those that the digest of its slice names')
  const seen = new Set(rows.map(({ arm, place }) => `${arm}/${place}`))
  const foreign = rows.some(({ arm, place }) => arm >= arms.length || place >= cases)
  if (foreign || seen.size < rows.length)
    throw invalid('a row is of no arm or case, or stands twice')
  if (rows.length < arms.length * cases) throw invalid('rows are missing')
  if (new Set(arms.map(({ name }) => name)).size < arms.length) throw invalid('an arm stands twice')
}

/** What the engine refuses, such as factors that are not those of the edit, is a mistake of the file. */
async function asUserFailure<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LensEngineError) throw invalid(`${error.code}: ${error.message}`)
    if (error instanceof RangeError) throw invalid(error.message)
    throw error
  }
}
