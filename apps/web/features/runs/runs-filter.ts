// The filter of the list of runs <-> the address.
import type { LensRunFilter, RunState } from '../../graphql/generated/graphql'

export interface RunsView {
  readonly search: string
  readonly state: RunState | ''
  readonly modelId: string
}

export const RUN_STATES: readonly RunState[] = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED']

export function parseRunsView(query: URLSearchParams): RunsView {
  const state = (query.get('state') ?? '').toUpperCase()
  return {
    search: query.get('search') ?? '',
    state: RUN_STATES.find((known) => known === state) ?? '',
    modelId: query.get('model') ?? '',
  }
}

export function formatRunsView(view: RunsView): string {
  const query = new URLSearchParams()
  if (view.search) query.set('search', view.search)
  if (view.state) query.set('state', view.state.toLowerCase())
  if (view.modelId) query.set('model', view.modelId)
  return query.toString()
}

export function filterOf(view: RunsView): LensRunFilter | null {
  const filter = {
    ...(view.search.trim() && { search: view.search.trim() }),
    ...(view.state && { state: view.state }),
    ...(view.modelId && { modelId: view.modelId }),
  }
  return Object.keys(filter).length > 0 ? filter : null
}
