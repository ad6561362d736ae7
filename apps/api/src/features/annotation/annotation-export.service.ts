// Annotations of a project, or of a collection -> the text of a file with its receipt, piece by piece.
import { isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import type { StoredAnchor } from '../anchor/anchor.js'
import type { AnnotationConditions } from './annotation-list.repository.js'
import { contentDigest, fileFormat, fileVersion, portable, setDigest } from './annotation-file.js'
import type { AnnotationFile, FileAnnotation, FileCollection } from './annotation-file.js'
import type { AnnotationFileRepository, ModelName } from './annotation-file.repository.js'
import { storedEvidence } from './annotation-values.js'
import type { AnnotationRow } from './annotation.repository.js'

/** Rows that are read together. */
const groupSize = 500

type Where = Parameters<AnnotationFileRepository['after']>[1]

export class AnnotationExportService {
  readonly #files: AnnotationFileRepository

  constructor(files: AnnotationFileRepository) {
    this.#files = files
  }

  /** @param conditions null where a filter can match nothing */
  async project(
    viewer: Viewer,
    conditions: AnnotationConditions | null,
  ): Promise<AsyncIterable<string>> {
    const where = conditions === null ? { id: { in: [] } } : whereOf(conditions)
    return this.#write(viewer, where, null, await this.#files.models(viewer.projectId))
  }

  /** Null when the project has no such collection. */
  async collection(
    viewer: Viewer,
    id: string,
  ): Promise<{ readonly name: string; readonly text: AsyncIterable<string> } | null> {
    const row = isUuid(id) ? await this.#files.collection(viewer.projectId, id) : null
    if (row === null) return null
    const models = await this.#files.models(viewer.projectId)
    const digestOf = digestsOf(models)
    const items = row.items.map(({ anchor, note }) => ({
      ...{ anchor: portable(anchor as unknown as StoredAnchor, digestOf), note },
    }))
    const { name, description } = row
    const anchorKey = { in: row.items.map((item) => item.anchorKey) }
    const where = { anchorKey, state: { not: 'WITHDRAWN' as const } }
    return { name, text: this.#write(viewer, where, { name, description, items }, models) }
  }

  async *#write(
    { projectId, projectName }: Viewer,
    where: Where,
    collection: FileCollection | null,
    models: readonly ModelName[],
  ): AsyncGenerator<string> {
    const digestOf = digestsOf(models)
    const contents: string[] = []
    const used = new Set(collection?.items.flatMap(({ anchor }) => anchor.model ?? []))
    yield `{"format":${JSON.stringify(fileFormat)},"version":${fileVersion},\n"collection":${JSON.stringify(collection)},\n"annotations":[`
    for (let after: string | null = null; ;) {
      const rows = await this.#files.after(projectId, where, after, groupSize)
      const written = rows.map((row) => toFile(row, row.author.name, digestOf))
      for (const one of written) {
        contents.push(contentDigest(one))
        for (const { model } of [one.anchor, ...one.evidence.map(({ anchor }) => anchor)])
          if (model !== undefined) used.add(model)
      }
      const lines = written.map((one) => JSON.stringify(one)).join(',\n')
      if (lines !== '') yield `${after === null ? '\n' : ',\n'}${lines}`
      if (rows.length < groupSize) break
      after = rows.at(-1)?.id ?? null
    }
    const receipt: AnnotationFile['receipt'] = {
      project: projectName,
      exportedAt: new Date().toISOString(),
      models: models
        .filter((one) => used.has(one.digest))
        .map(({ name, digest }) => ({ name, digest })),
      annotations: contents.length,
      items: collection?.items.length ?? 0,
      digest: setDigest(contents, collection),
    }
    yield `\n],\n"receipt":${JSON.stringify(receipt)}}\n`
  }
}

const digestsOf = (models: readonly ModelName[]): ((id: string) => string) => {
  const digests = new Map(models.map(({ id, digest }) => [id, digest]))
  return (id) => digests.get(id) ?? `deleted:${id}`
}

export function toFile(
  row: AnnotationRow,
  author: string,
  digestOf: (modelId: string) => string,
): FileAnnotation {
  const { label, description, tags, confidence } = row
  return {
    anchor: portable(row.anchor as unknown as StoredAnchor, digestOf),
    ...{ label, description, tags, confidence },
    evidence: storedEvidence(row.evidence).map(({ anchor, note }) => ({
      ...{ anchor: portable(anchor, digestOf), note },
    })),
    ...{ author, createdAt: row.createdAt.toISOString() },
  }
}

function whereOf(conditions: AnnotationConditions): Where {
  const { search, anchorKind, modelId, layer, tag, state, authorId, anchorKey } = conditions
  const contains = { contains: search ?? '', mode: 'insensitive' as const }
  return {
    state: state ?? { not: 'WITHDRAWN' },
    ...(anchorKind === null ? {} : { anchorKind: anchorKind as NonNullable<Where['anchorKind']> }),
    ...(anchorKey === null ? {} : { anchorKey }),
    ...(modelId === null ? {} : { modelId }),
    ...(layer === null ? {} : { layer }),
    ...(authorId === null ? {} : { authorId }),
    ...(tag === null ? {} : { tags: { has: tag } }),
    ...(search === null ? {} : { OR: [{ label: contains }, { description: contains }] }),
  }
}
