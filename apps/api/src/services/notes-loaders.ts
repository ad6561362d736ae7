// The loaders of annotations and collections: ids of one tick -> one query.
import type DataLoader from 'dataloader'
import type { Viewer } from '../features/account/viewer.js'
import type { Annotation, AnnotationVersion } from '../features/annotation/annotation.type.js'
import type { Collection } from '../features/collection/collection.type.js'
import type { Services } from '../services.js'
import { byId, loaderOf } from './loader-of.js'

export interface NotesLoaders {
  readonly annotation: DataLoader<string, Annotation | null>
  readonly annotationVersions: DataLoader<string, AnnotationVersion[]>
  readonly annotationCommentCount: DataLoader<string, number>
  /** By the key of an anchor. */
  readonly annotationsOfAnchor: DataLoader<string, Annotation[]>
  /** By the key of an anchor. */
  readonly myAnnotation: DataLoader<string, Annotation | null>
  readonly collection: DataLoader<string, Collection | null>
  readonly collectionItemCount: DataLoader<string, number>
}

export function createNotesLoaders(
  { annotations, annotationReads, collections }: Services,
  viewer: Viewer,
): NotesLoaders {
  return {
    annotation: loaderOf(async (ids) => byId(await annotations.byIds(viewer, ids)), null),
    annotationVersions: loaderOf((ids) => annotationReads.versions(ids), []),
    annotationCommentCount: loaderOf((ids) => annotationReads.commentCounts(viewer, ids), 0),
    annotationsOfAnchor: loaderOf((keys) => annotationReads.ofAnchors(viewer, keys), []),
    myAnnotation: loaderOf((keys) => annotationReads.mine(viewer, keys), null),
    collection: loaderOf(async (ids) => byId(await collections.byIds(viewer, ids)), null),
    collectionItemCount: loaderOf((ids) => collections.itemCounts(ids), 0),
  }
}
