// What of a layer's neurons is looked at <-> the address. Defaults are left out.
import type {
  ListDirection,
  NeuronOrder,
  NeuronsQueryVariables,
} from '../../../graphql/generated/graphql'

export interface TableView {
  readonly order: NeuronOrder
  readonly direction: ListDirection
  readonly search: string
  readonly annotated: boolean
}

interface Order {
  readonly slug: string
  /** Numbers start with the largest. */
  readonly first: ListDirection
}

export const ORDERS: Readonly<Record<NeuronOrder, Order>> = {
  INDEX: { slug: 'index', first: 'ASCENDING' },
  ACTIVATION: { slug: 'activation', first: 'DESCENDING' },
  COEFFICIENT: { slug: 'coefficient', first: 'DESCENDING' },
  KEY_NORM: { slug: 'key-norm', first: 'DESCENDING' },
  VALUE_NORM: { slug: 'value-norm', first: 'DESCENDING' },
  EDIT_NORM: { slug: 'edits', first: 'DESCENDING' },
  ANNOTATIONS: { slug: 'annotations', first: 'DESCENDING' },
}

export const WHOLE_LAYER: TableView = {
  order: 'INDEX',
  direction: 'ASCENDING',
  search: '',
  annotated: false,
}

const ORDER_NAMES = Object.keys(ORDERS) as NeuronOrder[]

export function parseTable(query: URLSearchParams): TableView {
  const order = ORDER_NAMES.find((name) => ORDERS[name].slug === query.get('sort')) ?? 'INDEX'
  const way = query.get('way')
  return {
    order,
    direction: way === 'up' ? 'ASCENDING' : way === 'down' ? 'DESCENDING' : ORDERS[order].first,
    search: query.get('search') ?? '',
    annotated: query.get('annotated') === '1',
  }
}

export function formatTable({ order, direction, search, annotated }: TableView): string {
  const query = new URLSearchParams()
  if (order !== 'INDEX') query.set('sort', ORDERS[order].slug)
  if (direction !== ORDERS[order].first) query.set('way', direction === 'ASCENDING' ? 'up' : 'down')
  if (search.trim()) query.set('search', search)
  if (annotated) query.set('annotated', '1')
  return query.toString()
}

/** Whether rows may be left out. */
export const isNarrowed = (view: TableView): boolean => view.annotated || view.search.trim() !== ''

/** The same column turns round; another starts with the end that is looked for first. */
export function sortedBy(view: TableView, order: NeuronOrder): TableView {
  const turned = view.direction === 'ASCENDING' ? 'DESCENDING' : 'ASCENDING'
  return { ...view, order, direction: view.order === order ? turned : ORDERS[order].first }
}

/** Rows that are read at once. */
export const PAGE = 100

export function neuronVariables(
  modelId: string,
  layer: number,
  view: TableView,
): NeuronsQueryVariables {
  return {
    modelId,
    layer,
    order: view.order,
    direction: view.direction,
    ...(view.search.trim() && { search: view.search.trim() }),
    ...(view.annotated && { annotated: true }),
  }
}
