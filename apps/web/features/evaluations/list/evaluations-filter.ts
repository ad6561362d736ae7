// The filter of the list of evaluations <-> the address.
import type { EvaluationFilter, EvaluationState } from '../../../graphql/generated/graphql'
import { EVALUATION_STATES } from '../evaluation-words'

export interface EvaluationsView {
  readonly search: string
  readonly state: EvaluationState | ''
  readonly protocol: string
  readonly modelId: string
  readonly method: string
}

export function parseEvaluationsView(query: URLSearchParams): EvaluationsView {
  const state = (query.get('state') ?? '').toUpperCase()
  return {
    search: query.get('search') ?? '',
    state: EVALUATION_STATES.find((known) => known === state) ?? '',
    protocol: query.get('protocol') ?? '',
    modelId: query.get('model') ?? '',
    method: query.get('method') ?? '',
  }
}

export function formatEvaluationsView(view: EvaluationsView): string {
  const query = new URLSearchParams()
  if (view.search) query.set('search', view.search)
  if (view.state) query.set('state', view.state.toLowerCase())
  if (view.protocol) query.set('protocol', view.protocol)
  if (view.modelId) query.set('model', view.modelId)
  if (view.method) query.set('method', view.method)
  return query.toString()
}

/** null asks for all. */
export function evaluationFilterOf(
  view: EvaluationsView,
  methods: readonly string[],
): EvaluationFilter | null {
  const filter = {
    ...(view.search.trim() && { search: view.search.trim() }),
    ...(view.state && { state: view.state }),
    ...(view.protocol && { protocol: view.protocol }),
    ...(view.modelId && { modelId: view.modelId }),
    ...(methods.includes(view.method) && { method: view.method }),
  }
  return Object.keys(filter).length > 0 ? filter : null
}
