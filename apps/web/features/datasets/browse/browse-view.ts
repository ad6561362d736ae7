// What of a data set is looked at <-> the address, and the filter that is asked.
import type { DatasetCaseFilter } from '../../../graphql/generated/graphql'

export interface BrowseView {
  readonly search: string
  readonly relations: readonly string[]
  /** The model whose answers are shown. */
  readonly modelId: string
  readonly onlyKnown: boolean
}

export const WHOLE: BrowseView = { search: '', relations: [], modelId: '', onlyKnown: false }

export function parseBrowse(query: URLSearchParams): BrowseView {
  const modelId = query.get('model') ?? ''
  return {
    search: query.get('search') ?? '',
    relations: [...new Set(query.getAll('relation'))],
    modelId,
    onlyKnown: modelId !== '' && query.get('known') === 'only',
  }
}

export function formatBrowse({ search, relations, modelId, onlyKnown }: BrowseView): string {
  const query = new URLSearchParams()
  if (search) query.set('search', search)
  relations.forEach((relation) => query.append('relation', relation))
  if (modelId) query.set('model', modelId)
  if (modelId && onlyKnown) query.set('known', 'only')
  return query.toString()
}

/** null asks for everything. */
export function caseFilterOf({
  search,
  relations,
  modelId,
  onlyKnown,
}: BrowseView): DatasetCaseFilter | null {
  const filter = {
    ...(search.trim() && { search: search.trim() }),
    ...(relations.length > 0 && { relations: [...relations] }),
    ...(modelId && { knownByModelId: modelId }),
    ...(modelId && onlyKnown && { onlyKnown: true }),
  }
  return Object.keys(filter).length > 0 ? filter : null
}

/** In the list or out of it; the order of choosing is kept. */
export const toggle = (list: readonly string[], one: string): readonly string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one]
