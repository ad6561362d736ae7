// The table of enum names of annotations, collections and the search.
import { defineNamedValues } from './named-values.js'

export const annotationStates = defineNamedValues(
  'AnnotationState',
  'What became of an annotation. Anyone who may annotate proposes; a review decides.',
  {
    PROPOSED: { engine: 'proposed', description: 'Nobody has decided about its newest version.' },
    ACCEPTED: { engine: 'accepted', description: 'A review approved it.' },
    REJECTED: { engine: 'rejected', description: 'A review asked for changes.' },
    WITHDRAWN: { engine: 'withdrawn', description: 'Taken back; lists leave it out.' },
  } as const,
)
export type AnnotationStateKey = keyof typeof annotationStates.values

export const annotationOrders = defineNamedValues(
  'AnnotationOrder',
  'The order of a list of annotations.',
  {
    NEWEST: { engine: 'newest', description: 'The newest first.' },
    UPDATED: { engine: 'updated', description: 'The one that was changed last first.' },
    CONFIDENCE: { engine: 'confidence', description: 'The surest first.' },
    LABEL: { engine: 'label', description: 'Labels from A to Z.' },
  } as const,
)
export type AnnotationOrderKey = keyof typeof annotationOrders.values

export const searchKinds = defineNamedValues('SearchKind', 'What kind of thing is found.', {
  ANNOTATION: { engine: 'annotation', description: 'An annotation, by label, text and tags.' },
  PROMPT: { engine: 'prompt', description: 'A saved prompt.' },
  RUN: { engine: 'run', description: 'A lens run, by name, prompt and target.' },
  EDIT: { engine: 'edit', description: 'An edit, by name, method and requests.' },
  COMMENT: { engine: 'comment', description: 'A comment.' },
  NEURON: { engine: 'neuron', description: 'A neuron, by the labels it was given.' },
  COLLECTION: { engine: 'collection', description: 'A collection, by name and description.' },
  EVALUATION: { engine: 'evaluation', description: 'An evaluation, by name and note.' },
} as const)
export type SearchKindKey = keyof typeof searchKinds.values
