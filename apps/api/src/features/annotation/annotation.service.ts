// What can be done with annotations.
import { mayAct } from '../../access/authorize.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection } from '../../pagination/connection.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ActivityRepository } from '../activity/activity.repository.js'
import type { AnchorInput } from '../anchor/anchor.input.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { checkText } from '../text-rules.js'
import type {
  AnnotationFilter,
  AnnotationInput,
  EvidenceInput,
  UpdateAnnotationInput,
} from './annotation.input.js'
import type {
  AnnotationConditions,
  AnnotationListRepository,
} from './annotation-list.repository.js'
import { annotationCursor } from './annotation-order.js'
import type { AnnotationPage } from './annotation-order.js'
import {
  annotationLimits,
  checkConfidence,
  checkEvidenceCount,
  checkVersion,
  cleanLabel,
  cleanTags,
} from './annotation-text.js'
import { toAnnotation } from './annotation-values.js'
import type {
  AnnotationRepository,
  AnnotationRow,
  AnnotationText,
} from './annotation.repository.js'
import type { Annotation } from './annotation.type.js'

export interface AnnotationServiceParts {
  readonly annotations: AnnotationRepository
  readonly lists: AnnotationListRepository
  readonly anchors: AnchorService
  readonly accounts: AccountRepository
  readonly activities: Pick<ActivityRepository, 'record'>
}

export class AnnotationService {
  readonly #parts: AnnotationServiceParts

  constructor(parts: AnnotationServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: AnnotationPage,
    filter: AnnotationFilter,
  ): Promise<Connection<Annotation>> {
    const conditions = await this.conditionsOf(viewer, filter)
    if (conditions === null) return connectionOf<AnnotationRow, Annotation>([], emptyPage(page))
    const { rows, totalCount } = await this.#parts.lists.page(viewer.projectId, page, conditions)
    const cursorOf = annotationCursor(page.order)
    return connectionOf(rows, { ...page, totalCount, cursorOf, nodeOf: toAnnotation })
  }

  /** Null where a filter names an id that no row can have. */
  async conditionsOf(
    viewer: Viewer,
    filter: AnnotationFilter,
  ): Promise<AnnotationConditions | null> {
    const { modelId, authorId, anchor } = filter
    if ([modelId, authorId].some((id) => id && !isUuid(id))) return null
    const search = checkText(filter.search?.trim(), 'filter.search', 500)
    const tag = checkText(filter.tag?.trim().toLowerCase(), 'filter.tag', annotationLimits.tag)
    const checked = anchor && (await this.#parts.anchors.check(viewer, anchor, 'filter.anchor'))
    return {
      ...{ search, tag, state: filter.state ?? null, anchorKind: filter.anchorKind ?? null },
      ...{ modelId: modelId || null, layer: filter.layer ?? null, authorId: authorId || null },
      anchorKey: checked?.key ?? null,
    }
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Annotation[]> {
    const rows = await this.#parts.annotations.byIds(viewer.projectId, ids.filter(isUuid))
    return rows.map(toAnnotation)
  }

  async create(viewer: Viewer, input: AnnotationInput): Promise<Annotation> {
    const { annotations, accounts, anchors } = this.#parts
    const text = {
      label: cleanLabel(input.label),
      description: this.#description(input.description),
      tags: cleanTags(input.tags ?? []),
      confidence: checkConfidence(input.confidence),
      evidence: await this.#evidence(viewer, input.evidence ?? []),
    }
    const id = input.clientMutationId
    const clientMutationId = checkText(id, 'clientMutationId', annotationLimits.clientMutationId)
    const anchor = await anchors.check(viewer, input.anchor)
    const { row, isNew } = await annotations.create({
      ...{ projectId: viewer.projectId, authorId: viewer.userId, clientMutationId },
      ...{ anchorKind: anchor.kind, anchorKey: anchor.key, anchor: { ...anchor.stored } },
      ...{ modelId: anchor.modelId, layer: anchor.layer, neuron: anchor.neuron, ...text },
    })
    if (isNew) {
      await accounts.recordEvent(viewer, 'annotation.create', row.id, { anchor: anchor.key })
      await this.#tell(viewer, 'annotated', row)
    } else accounts.leaveToFirst(viewer)
    return toAnnotation(row)
  }

  /** @throws CONFLICT with the current version when another one was seen */
  async update(viewer: Viewer, input: UpdateAnnotationInput): Promise<Annotation> {
    const { annotations, accounts } = this.#parts
    const version = checkVersion(input.version)
    const change = checkText(input.change, 'change', annotationLimits.change)
    const row = await this.#own(viewer, input.id)
    const text = await this.#changed(viewer, row, input)
    if (row.version !== version) throw changedMeanwhile(version, row.version)
    const { projectId, userId: authorId } = viewer
    const next = await annotations.update(
      { projectId, id: row.id, version, authorId, change },
      text,
    )
    if (next === null) {
      const newest = await annotations.find(projectId, row.id)
      if (newest === null) throw notFound('annotation', 'id')
      throw changedMeanwhile(version, newest.version)
    }
    await accounts.recordEvent(viewer, 'annotation.update', row.id, { version: next.version })
    await this.#tell(viewer, 'changed an annotation', next)
    return toAnnotation(next)
  }

  /** In the feed of the project. */
  #tell(viewer: Viewer, verb: string, { id, label, anchorKey }: AnnotationRow): Promise<void> {
    return this.#parts.activities.record(viewer, {
      ...{ verb, subjectKind: 'annotation', subjectId: id, title: label },
      ...{ path: `/annotations/${id}`, anchorKeys: [anchorKey] },
    })
  }

  async withdraw(viewer: Viewer, id: string): Promise<Annotation> {
    const { annotations, accounts } = this.#parts
    const { state } = await this.#own(viewer, id)
    const row = await annotations.withdraw(viewer.projectId, id)
    if (row === null) throw notFound('annotation', 'id')
    if (state !== 'WITHDRAWN') await accounts.recordEvent(viewer, 'annotation.withdraw', id)
    return toAnnotation(row)
  }

  /** An annotation that the viewer may change: their own, or any for an admin. */
  async #own(viewer: Viewer, id: string): Promise<AnnotationRow> {
    const row = isUuid(id) ? await this.#parts.annotations.find(viewer.projectId, id) : null
    if (row === null) throw notFound('annotation', 'id')
    if (row.authorId === viewer.userId || mayAct(viewer, 'administer')) return row
    throw new UserFailure('FORBIDDEN', 'Somebody else wrote this annotation.', {
      field: 'id',
      cure: 'Write one of your own about the same thing, or comment on theirs.',
    })
  }

  async #changed(
    viewer: Viewer,
    row: AnnotationRow,
    { label, description, tags, confidence, evidence }: UpdateAnnotationInput,
  ): Promise<AnnotationText> {
    const isGiven = (value: unknown): boolean => value !== undefined && value !== null
    return {
      label: isGiven(label) ? cleanLabel(label as string) : row.label,
      description: description === undefined ? row.description : this.#description(description),
      tags: isGiven(tags) ? cleanTags(tags as string[]) : row.tags,
      confidence: isGiven(confidence) ? checkConfidence(confidence) : row.confidence,
      evidence: isGiven(evidence)
        ? await this.#evidence(viewer, evidence as EvidenceInput[])
        : (row.evidence as AnnotationText['evidence']),
    }
  }

  #description(text: string | null | undefined): string {
    return checkText(text, 'description', annotationLimits.description) ?? ''
  }

  async #evidence(viewer: Viewer, evidence: EvidenceInput[]): Promise<AnnotationText['evidence']> {
    checkEvidenceCount(evidence.length)
    const notes = evidence.map(({ note }) =>
      checkText(note, 'evidence.note', annotationLimits.note),
    )
    const inputs: AnchorInput[] = evidence.map(({ anchor }) => anchor)
    const checked = await this.#parts.anchors.checkAll(
      viewer,
      inputs,
      (index) => `evidence.${index}.anchor`,
    )
    return checked.map(({ stored }, index) => ({
      ...{ anchor: { ...stored }, note: notes[index] ?? null },
    }))
  }
}

const emptyPage = (page: AnnotationPage) => ({
  ...page,
  totalCount: 0,
  cursorOf: annotationCursor(page.order),
  nodeOf: toAnnotation,
})

const changedMeanwhile = (seen: number, current: number): UserFailure =>
  new UserFailure(
    'CONFLICT',
    `Version ${seen} was seen, but the annotation is at version ${current} by now.`,
    { field: 'version', cure: 'Reload it, look at what changed, and change it again.' },
  )
