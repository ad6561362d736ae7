// Annotations, collections and search.
import type { OperationsOf } from './operations-of.js'

export const notesOperations: OperationsOf = {
  read: [
    'GET /api/annotations.json',
    'GET /api/collections/:id.json',
    'Query.annotations',
    'Query.annotation',
    'Query.annotationTags',
    'Query.suggestTags',
    'Query.annotationAgreement',
    'Query.collections',
    'Query.collection',
    'Query.search',
  ],
  annotate: [
    'Mutation.annotateNeuron',
    'Mutation.updateAnnotation',
    'Mutation.withdrawAnnotation',
    'Mutation.createCollection',
    'Mutation.updateCollection',
    'Mutation.deleteCollection',
    'Mutation.addToCollection',
    'Mutation.updateCollectionItem',
    'Mutation.removeFromCollection',
    'Mutation.importAnnotations',
  ],
}
