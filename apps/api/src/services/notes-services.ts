// The services of annotations, collections and the search by words.
import type { Database } from '../database/index.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import type { AnchorService } from '../features/anchor/anchor.service.js'
import { AgreementRepository } from '../features/annotation/agreement.repository.js'
import { AgreementService } from '../features/annotation/agreement.service.js'
import { AnnotationExportService } from '../features/annotation/annotation-export.service.js'
import { AnnotationFileRepository } from '../features/annotation/annotation-file.repository.js'
import { AnnotationImportService } from '../features/annotation/annotation-import.service.js'
import { AnnotationListRepository } from '../features/annotation/annotation-list.repository.js'
import { AnnotationReadService } from '../features/annotation/annotation-read.service.js'
import { AnnotationTagRepository } from '../features/annotation/annotation-tag.repository.js'
import { AnnotationTagService } from '../features/annotation/annotation-tag.service.js'
import { AnnotationRepository } from '../features/annotation/annotation.repository.js'
import { AnnotationService } from '../features/annotation/annotation.service.js'
import { CollectionItemRepository } from '../features/collection/collection-item.repository.js'
import { CollectionRepository } from '../features/collection/collection.repository.js'
import { CollectionService } from '../features/collection/collection.service.js'
import { ActivityRepository } from '../features/activity/activity.repository.js'
import { UploadStore } from '../features/dataset/upload-store.js'
import type { UploadSettings } from '../features/dataset/upload-store.js'
import { SearchRepository } from '../features/search/search.repository.js'
import { SearchService } from '../features/search/search.service.js'

export interface NotesServicesParts {
  readonly database: Database
  readonly accounts: AccountRepository
  readonly anchors: AnchorService
  readonly environment: UploadSettings
}

export function createNotesServices(parts: NotesServicesParts) {
  const { database, accounts, anchors, environment } = parts
  const rows = new AnnotationRepository(database)
  const lists = new AnnotationListRepository(database)
  const files = new AnnotationFileRepository(database)
  const items = new CollectionItemRepository(database)
  const collections = new CollectionService({
    ...{ collections: new CollectionRepository(database), items, anchors, accounts },
  })
  return {
    annotations: new AnnotationService({
      ...{ annotations: rows, lists, anchors, accounts },
      activities: new ActivityRepository(database),
    }),
    annotationReads: new AnnotationReadService(rows, lists),
    annotationTags: new AnnotationTagService(new AnnotationTagRepository(database), anchors),
    agreement: new AgreementService(new AgreementRepository(database), accounts),
    annotationExports: new AnnotationExportService(files),
    annotationImports: new AnnotationImportService({
      ...{ files, anchors, collections, items, accounts, uploads: new UploadStore(environment) },
    }),
    collections,
    search: new SearchService(new SearchRepository(database), anchors),
  }
}
