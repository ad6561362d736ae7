// The whole view of a comparison <-> the address: columns, sort, chosen methods and metrics, filters, the open case.
import type {
  CaseFilter,
  CaseOutcome,
  CaseSide,
  CaseSort,
  CaseSortField,
  EditPromptKind,
  FlipDirection,
} from '../../graphql/generated/graphql'

export interface RangeFilter {
  readonly armId: string
  readonly metric: string
  readonly min: number | null
  readonly max: number | null
  readonly side: CaseSide
}

export interface FlipView {
  readonly firstArmId: string
  readonly secondArmId: string
  readonly kind: EditPromptKind
  readonly direction: FlipDirection
}

export interface CasesFilter {
  readonly search: string
  readonly relations: readonly string[]
  readonly outcome: CaseOutcome | null
  readonly ranges: readonly RangeFilter[]
  readonly flips: FlipView | null
}

export interface Sorting {
  /** A metric, or `name`, `seconds`, `bytes`, `n`. */
  readonly by: string
  readonly descending: boolean
}

export type CaseOrder =
  | { readonly field: CaseSortField; readonly descending: boolean }
  | {
      readonly armId: string
      readonly metric: string
      readonly side: CaseSide
      readonly descending: boolean
    }

export type Tab = 'results' | 'methods'
export type Spread = 'distributions' | 'density'

export interface ComparisonView {
  readonly tab: Tab
  readonly columns: readonly string[] | null
  readonly sort: Sorting | null
  /** The metric of differences, relations, distributions and cases; null: the first choice of the protocol. */
  readonly metric: string | null
  readonly x: string | null
  readonly y: string | null
  readonly reference: string | null
  readonly arms: readonly string[]
  /** null: the first published table; `none`: no published rows. */
  readonly published: string | null
  readonly spread: Spread
  readonly densityArms: readonly [string, string] | null
  readonly filter: CasesFilter
  /** Whether table and plots are of the filtered cases too. */
  readonly narrowed: boolean
  readonly order: CaseOrder | null
  readonly open: number | null
}

export const NO_FILTER: CasesFilter = {
  search: '',
  relations: [],
  outcome: null,
  ranges: [],
  flips: null,
}

export const DEFAULT_COMPARISON: ComparisonView = {
  tab: 'results',
  columns: null,
  sort: null,
  metric: null,
  x: null,
  y: null,
  reference: null,
  arms: [],
  published: null,
  spread: 'distributions',
  densityArms: null,
  filter: NO_FILTER,
  narrowed: false,
  order: null,
  open: null,
}

const OUTCOMES: readonly CaseOutcome[] = ['EDITED', 'SKIPPED', 'FAILED']
const KINDS: readonly EditPromptKind[] = [
  'REWRITE',
  'PARAPHRASE',
  'NEIGHBORHOOD',
  'PORTABILITY',
  'ASKED',
]
const FLIPS: readonly FlipDirection[] = ['EITHER', 'ONLY_FIRST', 'ONLY_SECOND']
const FIELDS: readonly CaseSortField[] = ['PLACE', 'CASE_ID', 'RELATION', 'SUBJECT']

const slug = (name: string): string => name.toLowerCase().replaceAll('_', '-')

const bySlug = <T extends string>(text: string | undefined, names: readonly T[]): T | null =>
  names.find((name) => slug(name) === text) ?? null

const listOf = (text: string | null): readonly string[] => (text ? text.split(',') : [])

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

function parseRange(text: string): RangeFilter[] {
  const [armId, metric, min, max, side] = text.split('~')
  if (!armId || !metric) return []
  const range = { min: numberOf(min), max: numberOf(max) }
  if (range.min === null && range.max === null) return []
  return [{ armId, metric, ...range, side: side === 'before' ? 'BEFORE' : 'AFTER' }]
}

function parseFlips(text: string | null): FlipView | null {
  const [firstArmId, secondArmId, kind, direction] = (text ?? '').split('~')
  if (!firstArmId || !secondArmId) return null
  return {
    firstArmId,
    secondArmId,
    kind: bySlug(kind, KINDS) ?? 'REWRITE',
    direction: bySlug(direction, FLIPS) ?? 'EITHER',
  }
}

function parseOrder(text: string | null): CaseOrder | null {
  if (!text) return null
  const descending = text.startsWith('-')
  const parts = text.replace(/^-/, '').split('~')
  if (parts.length === 1) {
    const field = bySlug(parts[0], FIELDS)
    return field && { field, descending }
  }
  const [armId = '', metric = '', side] = parts
  if (!armId || !metric) return null
  return { armId, metric, side: side === 'before' ? 'BEFORE' : 'AFTER', descending }
}

function parseSort(text: string | null): Sorting | null {
  if (!text) return null
  return { by: text.replace(/^-/, ''), descending: text.startsWith('-') }
}

function parseFilter(query: URLSearchParams): CasesFilter {
  return {
    search: query.get('search') ?? '',
    relations: query.getAll('relation'),
    outcome: bySlug(query.get('outcome') ?? undefined, OUTCOMES),
    ranges: query.getAll('range').flatMap(parseRange),
    flips: parseFlips(query.get('flips')),
  }
}

function parsePair(text: string | null): readonly [string, string] | null {
  const [first, second] = listOf(text)
  return first && second ? [first, second] : null
}

export function parseComparison(query: URLSearchParams): ComparisonView {
  const columns = query.get('columns')
  const open = query.get('case')
  return {
    tab: query.get('tab') === 'methods' ? 'methods' : 'results',
    columns: columns === null ? null : listOf(columns),
    sort: parseSort(query.get('sort')),
    metric: query.get('metric'),
    x: query.get('x'),
    y: query.get('y'),
    reference: query.get('against'),
    arms: listOf(query.get('arms')),
    published: query.get('published'),
    spread: query.get('spread') === 'density' ? 'density' : 'distributions',
    densityArms: parsePair(query.get('density')),
    filter: parseFilter(query),
    narrowed: query.get('narrowed') === '1',
    order: parseOrder(query.get('order')),
    open: open !== null && /^\d{1,7}$/.test(open) ? Number(open) : null,
  }
}

const rangeText = ({ armId, metric, min, max, side }: RangeFilter): string =>
  [armId, metric, min ?? '', max ?? '', ...(side === 'BEFORE' ? ['before'] : [])].join('~')

function orderText(order: CaseOrder): string {
  const sign = order.descending ? '-' : ''
  if ('field' in order) return sign + slug(order.field)
  const side = order.side === 'BEFORE' ? ['before'] : []
  return sign + [order.armId, order.metric, ...side].join('~')
}

export function filterEntries(filter: CasesFilter): (readonly [string, string])[] {
  const { flips } = filter
  return [
    ...(filter.search ? [['search', filter.search] as const] : []),
    ...filter.relations.map((name) => ['relation', name] as const),
    ...(filter.outcome ? [['outcome', slug(filter.outcome)] as const] : []),
    ...filter.ranges.map((range) => ['range', rangeText(range)] as const),
    ...(flips
      ? [
          [
            'flips',
            [flips.firstArmId, flips.secondArmId, slug(flips.kind), slug(flips.direction)].join(
              '~',
            ),
          ] as const,
        ]
      : []),
  ]
}

/** `kept`: what the address says beside the view, such as the evaluations that are compared. */
export function formatComparison(
  view: ComparisonView,
  kept: readonly (readonly [string, string])[] = [],
): string {
  const optional: ReadonlyArray<readonly [string, string | null]> = [
    ['tab', view.tab === 'results' ? null : view.tab],
    ['columns', view.columns && view.columns.join(',')],
    ['sort', view.sort && `${view.sort.descending ? '-' : ''}${view.sort.by}`],
    ['metric', view.metric],
    ['x', view.x],
    ['y', view.y],
    ['against', view.reference],
    ['arms', view.arms.length > 0 ? view.arms.join(',') : null],
    ['published', view.published],
    ['spread', view.spread === 'distributions' ? null : view.spread],
    ['density', view.densityArms && view.densityArms.join(',')],
    ['narrowed', view.narrowed ? '1' : null],
    ['order', view.order && orderText(view.order)],
    ['case', view.open === null ? null : String(view.open)],
  ]
  const query = new URLSearchParams(kept.map(([name, value]) => [name, value]))
  for (const [name, value] of optional) if (value !== null) query.set(name, value)
  for (const [name, value] of filterEntries(view.filter)) query.append(name, value)
  return query.toString().replaceAll('%2C', ',').replaceAll('%7E', '~')
}

export const isFiltered = (filter: CasesFilter): boolean => filterEntries(filter).length > 0

/** The filter as it is sent; null when everything passes. */
export function filterInput(filter: CasesFilter): CaseFilter | null {
  if (!isFiltered(filter)) return null
  return {
    ...(filter.search.trim() && { search: filter.search.trim() }),
    ...(filter.relations.length > 0 && { relations: [...filter.relations] }),
    ...(filter.outcome && { outcome: filter.outcome }),
    ...(filter.ranges.length > 0 && { ranges: filter.ranges.map((range) => ({ ...range })) }),
    ...(filter.flips && { flips: { ...filter.flips } }),
  }
}

export function sortInput(order: CaseOrder | null): CaseSort | null {
  if (order === null) return null
  if ('field' in order) return { field: order.field, descending: order.descending }
  const { armId, metric, side, descending } = order
  return { column: { armId, metric, side }, descending }
}

/** One range a column and side: a new brush takes the place of the one before; without ends it is taken away. */
export function withRange(filter: CasesFilter, range: RangeFilter): CasesFilter {
  const others = filter.ranges.filter(
    (one) => one.armId !== range.armId || one.metric !== range.metric || one.side !== range.side,
  )
  const empty = range.min === null && range.max === null
  return { ...filter, ranges: empty ? others : [...others, range] }
}

/** A click sorts with the better end first; a second click turns it round; a third gives the order of the arms back. */
export function nextSort(
  sort: Sorting | null,
  by: string,
  descendingFirst: boolean,
): Sorting | null {
  if (sort?.by !== by) return { by, descending: descendingFirst }
  return sort.descending === descendingFirst ? { by, descending: !descendingFirst } : null
}

export function toggled(list: readonly string[], item: string): readonly string[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item]
}
