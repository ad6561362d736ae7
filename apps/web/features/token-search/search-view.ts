// A search over stored projections <-> the address.
import type {
  MatrixName,
  SearchedObject,
  TokenEnd,
  TokenSearchInput,
} from '../../graphql/generated/graphql'
import { matrixFacts, matrixOfLabel } from '../lens/matrix-names'

export interface SearchView {
  readonly modelId: string | null
  readonly token: string
  readonly tokenId: number | null
  readonly layer: number | null
  readonly matrix: MatrixName | null
  readonly end: TokenEnd
  readonly objects: SearchedObject | null
}

export const EMPTY_SEARCH: SearchView = {
  modelId: null,
  token: '',
  tokenId: null,
  layer: null,
  matrix: null,
  end: 'EITHER',
  objects: null,
}

const ENDS: readonly TokenEnd[] = ['TOP', 'BOTTOM', 'EITHER']
const OBJECTS: readonly SearchedObject[] = ['RUN', 'EDIT']

const whole = (text: string | null): number | null =>
  text !== null && /^\d{1,7}$/.test(text) ? Number(text) : null

export function parseSearch(query: URLSearchParams): SearchView {
  const end = query.get('end')?.toUpperCase()
  const objects = query.get('in')?.toUpperCase()
  const matrix = query.get('matrix')
  return {
    modelId: query.get('model'),
    token: query.get('token') ?? '',
    tokenId: whole(query.get('id')),
    layer: whole(query.get('layer')),
    matrix: (matrix && matrixOfLabel(matrix)) || null,
    end: ENDS.find((one) => one === end) ?? 'EITHER',
    objects: OBJECTS.find((one) => one === objects) ?? null,
  }
}

export function formatSearch(view: SearchView): string {
  const query = new URLSearchParams()
  if (view.modelId) query.set('model', view.modelId)
  if (view.token) query.set('token', view.token)
  if (view.tokenId !== null) query.set('id', String(view.tokenId))
  if (view.layer !== null) query.set('layer', String(view.layer))
  if (view.matrix) query.set('matrix', matrixFacts(view.matrix).label)
  if (view.end !== 'EITHER') query.set('end', view.end.toLowerCase())
  if (view.objects) query.set('in', view.objects.toLowerCase())
  return query.toString()
}

/** null while nothing can be asked. */
export function searchInput(view: SearchView, modelId: string | null): TokenSearchInput | null {
  if (!modelId || view.token === '') return null
  return {
    modelId,
    token: view.token,
    end: view.end,
    ...(view.tokenId !== null && { tokenId: view.tokenId }),
    ...(view.layer !== null && { layer: view.layer }),
    ...(view.matrix && { matrix: view.matrix }),
    ...(view.objects && { objects: [view.objects] }),
  }
}

interface Hit {
  readonly layer: number
  readonly matrix: MatrixName
  readonly factor: string
  readonly position: number | null
  readonly run: { readonly id: string } | null
  readonly edit: { readonly id: string } | null
}

/** The cell of the lens, or the edit. */
export function hitAddress({ run, edit, layer, matrix, factor, position }: Hit): string {
  if (edit) return `/edits/${edit.id}`
  const query = new URLSearchParams({ run: run?.id ?? '', matrix: matrixFacts(matrix).label })
  if (/^(vjp|input)$/i.test(factor)) query.set('factor', factor.toLowerCase())
  if (position !== null) query.set('cell', `${layer}.${position}`)
  return `/lens?${query.toString()}`
}
