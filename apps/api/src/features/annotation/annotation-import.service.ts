// A file of annotations -> new annotations by the viewer, and a collection if the file is of one.
import { readFile } from 'node:fs/promises'
import { UserFailure } from '../../errors/user-failure.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import type { CollectionItemRepository } from '../collection/collection-item.repository.js'
import type { CollectionService } from '../collection/collection.service.js'
import type { UploadStore } from '../dataset/upload-store.js'
import { importName } from '../request-names.js'
import { checkText } from '../text-rules.js'
import { annotationFile, contentDigest, setDigest } from './annotation-file.js'
import type { AnnotationFile, FileAnnotation } from './annotation-file.js'
import type { AnnotationFileRepository, ImportedAnnotation } from './annotation-file.repository.js'
import { toFile } from './annotation-export.service.js'
import {
  annotationLimits,
  checkConfidence,
  checkEvidenceCount,
  cleanLabel,
  cleanTags,
} from './annotation-text.js'
import type { ImportAnnotationsInput } from './annotation.input.js'
import { findAnchors } from './import-anchors.js'
import type { FoundAnchors } from './import-anchors.js'

export interface AnnotationImportServiceParts {
  readonly files: AnnotationFileRepository
  readonly anchors: AnchorService
  readonly collections: CollectionService
  readonly items: CollectionItemRepository
  readonly uploads: Pick<UploadStore, 'find'>
  readonly accounts: AccountRepository
}

export interface ImportedCounts {
  readonly imported: number
  readonly skipped: number
  readonly leftOut: number
  readonly evidenceLeftOut: number
  readonly collectionId: string | null
}

const largestFile = 50_000_000

export class AnnotationImportService {
  readonly #parts: AnnotationImportServiceParts

  constructor(parts: AnnotationImportServiceParts) {
    this.#parts = parts
  }

  /** @throws FILE_INVALID, MODEL_NOT_FOUND, and what is wrong with a text; nothing is written then */
  async import(viewer: Viewer, input: ImportAnnotationsInput): Promise<ImportedCounts> {
    const file = parseFile(await this.#text(viewer, input))
    const anchorOf = await findAnchors(this.#parts, viewer, file)
    const kept = file.annotations.filter(({ anchor }) => anchorOf(anchor) !== null)
    const fresh = await this.#unknown(viewer, kept, anchorOf)
    const rows = fresh.map(([content, one]) => toRow(viewer, file, { one, content, anchorOf }))
    const imported = rows.length === 0 ? 0 : await this.#parts.files.insert(rows)
    const { collectionId, itemsLeftOut } = await this.#collection(viewer, file, anchorOf)
    const evidence = kept.flatMap((one) => one.evidence)
    const counts = {
      imported,
      skipped: kept.length - imported,
      leftOut: file.annotations.length - kept.length + itemsLeftOut,
      evidenceLeftOut: evidence.filter(({ anchor }) => anchorOf(anchor) === null).length,
    }
    const detail = { ...counts, digest: file.receipt.digest }
    await this.#parts.accounts.recordEvent(viewer, 'annotation.import', viewer.projectId, detail)
    return { ...counts, collectionId }
  }

  async #text({ userId }: Viewer, { json, uploadId }: ImportAnnotationsInput): Promise<string> {
    if (typeof json === 'string' && !uploadId) return json
    if (!uploadId || typeof json === 'string') throw invalid('give either json or uploadId')
    const { path, bytes } = await this.#parts.uploads.find(uploadId, userId)
    if (bytes > largestFile) throw invalid(`the file has more than ${largestFile} bytes`)
    return readFile(path, 'utf8')
  }

  /** What nobody here has said yet, with the digest of what it says; said twice in the file, it may be said twice here. */
  async #unknown(
    viewer: Viewer,
    annotations: readonly FileAnnotation[],
    anchorOf: FoundAnchors,
  ): Promise<[string, FileAnnotation][]> {
    const { files } = this.#parts
    const keys = new Set(annotations.flatMap(({ anchor }) => anchorOf(anchor)?.key ?? []))
    const models = await files.models(viewer.projectId)
    const digests = new Map(models.map(({ id, digest }) => [id, digest]))
    const here = new Map<string, number>()
    for (const row of await files.ofAnchors(viewer.projectId, [...keys])) {
      const content = contentDigest(toFile(row, '', (id) => digests.get(id) ?? id))
      here.set(content, (here.get(content) ?? 0) + 1)
    }
    const seen = new Map<string, number>()
    return annotations.flatMap((one): [string, FileAnnotation][] => {
      const known = withoutAbsent(one, anchorOf)
      const content = contentDigest(known)
      const times = (seen.get(content) ?? 0) + 1
      seen.set(content, times)
      return times > (here.get(content) ?? 0) ? [[`${content}:${times}`, known]] : []
    })
  }

  async #collection(
    viewer: Viewer,
    { collection, receipt }: AnnotationFile,
    anchorOf: FoundAnchors,
  ) {
    if (collection === null) return { collectionId: null, itemsLeftOut: 0 }
    const { name, description } = collection
    const clientMutationId = importName(receipt.digest)
    const { id } = await this.#parts.collections.create(viewer, {
      ...{ name, description, clientMutationId },
    })
    const items = collection.items.flatMap(({ anchor, note }) => {
      const checked = anchorOf(anchor)
      if (checked === null) return []
      const { kind, key, stored } = checked
      const text = checkText(note, 'json', 2_000) ?? ''
      return [{ anchorKind: kind, anchorKey: key, anchor: { ...stored }, note: text }]
    })
    await this.#parts.items.add(viewer.projectId, id, viewer.userId, items)
    return { collectionId: id, itemsLeftOut: collection.items.length - items.length }
  }
}

const withoutAbsent = (one: FileAnnotation, anchorOf: FoundAnchors): FileAnnotation => ({
  ...one,
  evidence: one.evidence.filter(({ anchor }) => anchorOf(anchor) !== null),
})

function toRow(
  { projectId, userId: authorId }: Viewer,
  { receipt }: AnnotationFile,
  from: { readonly one: FileAnnotation; readonly content: string; readonly anchorOf: FoundAnchors },
): ImportedAnnotation {
  const { one, content, anchorOf } = from
  const anchor = anchorOf(one.anchor)
  if (anchor === null) throw invalid('an anchor was lost')
  checkEvidenceCount(one.evidence.length)
  const author = `${one.author} in ${receipt.project}, ${one.createdAt.slice(0, 10)}`
  return {
    ...{ projectId, authorId, anchorKind: anchor.kind, anchorKey: anchor.key },
    ...{ modelId: anchor.modelId, layer: anchor.layer, neuron: anchor.neuron },
    anchor: { ...anchor.stored },
    label: cleanLabel(one.label),
    description: checkText(one.description, 'json', annotationLimits.description) ?? '',
    tags: cleanTags(one.tags),
    confidence: checkConfidence(one.confidence),
    evidence: one.evidence.flatMap(({ anchor: other, note }) => {
      const stored = anchorOf(other)?.stored
      const text = checkText(note, 'json', annotationLimits.note)
      return stored === undefined ? [] : [{ anchor: { ...stored }, note: text }]
    }),
    clientMutationId: importName(content),
    change: checkText(`Imported; written by ${author}.`.slice(0, 500), 'json', 500) ?? '',
  }
}

function parseFile(text: string): AnnotationFile {
  const { data, error } = annotationFile.safeParse(jsonOf(text))
  if (data === undefined) {
    const issue = error.issues[0]
    throw invalid(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'}`)
  }
  const digest = setDigest(data.annotations.map(contentDigest), data.collection)
  if (digest === data.receipt.digest) return data
  throw invalid('what it says is not what its receipt says: it was changed after it was exported')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('it is no JSON')
  }
}

const invalid = (reason: string): UserFailure =>
  new UserFailure('FILE_INVALID', `These are no annotations that Imprint exported: ${reason}.`, {
    field: 'json',
    cure: 'Send the file as it was exported.',
  })
