// Runs, edits and evaluations of a viewer's project -> files, and files -> the same again in another project.
import { readFile } from 'node:fs/promises'
import { LensEngineError, engineVersion } from '../../engine/engine-vocabulary.js'
import { UserFailure } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { UploadStore } from '../dataset/upload-store.js'
import { digestQuestion } from '../lens-run/run-request.js'
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

  /** Id of the new run. @throws UserFailure; then nothing was written */
  importRun(viewer: Viewer, uploadId: string): Promise<string> {
    return this.#import(viewer, 'run', uploadId, async (text) => {
      const file = readExport(text, 'run', { content: runContent, row: runRow })
      const { content } = file
      const modelId = await this.#modelId(viewer, content.model)
      const digests = content.edits.map(({ digest }) => digest)
      const editIds = await this.#editIds(viewer, modelId, digests)
      if (digestQuestion(content.model.digest, content, digests) !== content.configDigest)
        throw invalid('its question is not the one that its configDigest names')
      const result = toStoredRun(content, file.rows)
      return this.#parts.imports.run(viewer, { content, result, modelId, editIds })
    })
  }

  /** Id of the new edit. @throws UserFailure; then nothing was written */
  importEdit(viewer: Viewer, uploadId: string): Promise<string> {
    return this.#import(viewer, 'edit', uploadId, async (text) => {
      const { content, rows } = readExport(text, 'edit', { content: editContent, row: editRow })
      const modelId = await this.#modelId(viewer, content.model)
      const onTopOf = await this.#editIds(viewer, modelId, content.onTopOf)
      const model = { id: modelId, digest: content.model.digest }
      const deltas = toStoredEdit(content, rows)
      return this.#parts.imports.edit(viewer, { content, deltas, model, onTopOf })
    })
  }

  /** Id of the new evaluation. @throws UserFailure; then nothing was written */
  importEvaluation(viewer: Viewer, uploadId: string): Promise<string> {
    return this.#import(viewer, 'evaluation', uploadId, async (text) => {
      const schemas = { content: evaluationContent, row: evaluationRow }
      const { content, rows } = readExport(text, 'evaluation', schemas)
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
      return this.#parts.imports.evaluation(viewer, source)
    })
  }

  async #import(
    viewer: Viewer,
    kind: ExportKind,
    uploadId: string,
    write: (text: string) => Promise<string>,
  ): Promise<string> {
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
    const id = await asUserFailure(async () => write(await readFile(upload.path, 'utf8')))
    await this.#parts.uploads.remove(upload.path)
    await this.#parts.accounts.recordEvent(viewer, `${kind}.import`, id, { file: upload.digest })
    return id
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
