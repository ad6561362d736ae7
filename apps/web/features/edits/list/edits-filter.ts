// The filter of the list of edits and the two that are chosen <-> the address.
import type { EditFilter, RunState } from '../../../graphql/generated/graphql'

export interface EditsView {
  readonly search: string
  readonly method: string
  readonly state: RunState | ''
  readonly modelId: string
  readonly applied: 'yes' | 'no' | ''
}

export const EDIT_STATES: readonly RunState[] = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED']

export function parseEditsView(query: URLSearchParams): EditsView {
  const state = (query.get('state') ?? '').toUpperCase()
  const applied = query.get('applied')
  return {
    search: query.get('search') ?? '',
    method: query.get('method') ?? '',
    state: EDIT_STATES.find((known) => known === state) ?? '',
    modelId: query.get('model') ?? '',
    applied: applied === 'yes' || applied === 'no' ? applied : '',
  }
}

export function formatEditsView(view: EditsView): string {
  const query = new URLSearchParams()
  if (view.search) query.set('search', view.search)
  if (view.method) query.set('method', view.method)
  if (view.state) query.set('state', view.state.toLowerCase())
  if (view.modelId) query.set('model', view.modelId)
  if (view.applied) query.set('applied', view.applied)
  return query.toString()
}

export function editFilterOf(view: EditsView, methods: readonly string[]): EditFilter | null {
  const filter = {
    ...(view.search.trim() && { search: view.search.trim() }),
    ...(methods.includes(view.method) && { method: view.method }),
    ...(view.state && { state: view.state }),
    ...(view.modelId && { modelId: view.modelId }),
    ...(view.applied && { applied: view.applied === 'yes' }),
  }
  return Object.keys(filter).length > 0 ? filter : null
}

/** At most two are chosen; a third takes the place of the one chosen first. */
export function toggleChosen(chosen: readonly string[], id: string): string[] {
  return chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id].slice(-2)
}
