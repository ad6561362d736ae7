// What lists show beside annotations, for many of them at once.
import type { Viewer } from '../account/viewer.js'
import type { AnnotationListRepository } from './annotation-list.repository.js'
import { toAnnotation, toVersions } from './annotation-values.js'
import type { AnnotationRepository } from './annotation.repository.js'
import type { Annotation, AnnotationVersion } from './annotation.type.js'
import { groupsOf } from './groups-of.js'

export class AnnotationReadService {
  readonly #annotations: AnnotationRepository
  readonly #lists: AnnotationListRepository

  constructor(annotations: AnnotationRepository, lists: AnnotationListRepository) {
    this.#annotations = annotations
    this.#lists = lists
  }

  /** @param ids of annotations that were read from the viewer's project */
  async versions(ids: readonly string[]): Promise<Map<string, AnnotationVersion[]>> {
    const found = await this.#annotations.versions(ids)
    return new Map([...found].map(([id, rows]) => [id, toVersions(rows)]))
  }

  async ofAnchors(
    { projectId }: Viewer,
    keys: readonly string[],
  ): Promise<Map<string, Annotation[]>> {
    const rows = await this.#lists.ofAnchors(projectId, keys)
    return groupsOf(rows.map(toAnnotation), ({ anchorKey }) => anchorKey)
  }

  /** The viewer's own newest annotation of each of these things. */
  async mine(
    { projectId, userId }: Viewer,
    keys: readonly string[],
  ): Promise<Map<string, Annotation>> {
    const rows = await this.#lists.ofAuthor(projectId, userId, keys)
    return new Map(rows.map((row) => [row.anchorKey, toAnnotation(row)]))
  }

  commentCounts({ projectId }: Viewer, ids: readonly string[]): Promise<Map<string, number>> {
    return this.#lists.commentCounts(projectId, ids)
  }
}
