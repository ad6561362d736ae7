// The filter of the list of annotations <-> the address.
import type {
  AnchorKind,
  AnnotationFilter,
  AnnotationOrder,
  AnnotationState,
} from '../../../graphql/generated/graphql'

export interface AnnotationsView {
  readonly search: string
  readonly state: AnnotationState | ''
  readonly kind: AnchorKind | ''
  readonly modelId: string
  readonly tag: string
  readonly authorId: string
  readonly order: AnnotationOrder
}

export const STATES: readonly AnnotationState[] = ['PROPOSED', 'ACCEPTED', 'REJECTED', 'WITHDRAWN']

export const KINDS: readonly AnchorKind[] = [
  'NEURON',
  'CELL',
  'RUN',
  'EDIT',
  'EVALUATION',
  'CASE',
  'PROMPT',
]

export const ANNOTATION_ORDERS: Readonly<Record<AnnotationOrder, string>> = {
  NEWEST: 'newest',
  UPDATED: 'last changed',
  CONFIDENCE: 'confidence',
  LABEL: 'label',
}

const among = <T extends string>(known: readonly T[], text: string | null): T | '' =>
  known.find((one) => one === (text ?? '').toUpperCase()) ?? ''

export function parseAnnotationsView(query: URLSearchParams): AnnotationsView {
  return {
    search: query.get('search') ?? '',
    state: among(STATES, query.get('state')),
    kind: among(KINDS, query.get('on')),
    modelId: query.get('model') ?? '',
    tag: query.get('tag') ?? '',
    authorId: query.get('author') ?? '',
    order:
      among(Object.keys(ANNOTATION_ORDERS) as AnnotationOrder[], query.get('order')) || 'NEWEST',
  }
}

export function formatAnnotationsView(view: AnnotationsView): string {
  const query = new URLSearchParams()
  if (view.search) query.set('search', view.search)
  if (view.state) query.set('state', view.state.toLowerCase())
  if (view.kind) query.set('on', view.kind.toLowerCase())
  if (view.modelId) query.set('model', view.modelId)
  if (view.tag) query.set('tag', view.tag)
  if (view.authorId) query.set('author', view.authorId)
  if (view.order !== 'NEWEST') query.set('order', view.order.toLowerCase())
  return query.toString()
}

/** null asks for everything. */
export function annotationFilterOf(view: AnnotationsView): AnnotationFilter | null {
  const filter = {
    ...(view.search.trim() && { search: view.search.trim() }),
    ...(view.state && { state: view.state }),
    ...(view.kind && { anchorKind: view.kind }),
    ...(view.modelId && { modelId: view.modelId }),
    ...(view.tag && { tag: view.tag }),
    ...(view.authorId && { authorId: view.authorId }),
  }
  return Object.keys(filter).length > 0 ? filter : null
}
