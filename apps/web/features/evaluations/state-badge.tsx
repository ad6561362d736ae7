// The state of an evaluation, with a sign besides its colour.
import type { EvaluationState } from '../../graphql/generated/graphql'

const SAID: Readonly<Record<EvaluationState, string>> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  PAUSED: 'paused',
  DONE: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
}

export function EvaluationStateBadge({ state }: { readonly state: EvaluationState }) {
  return (
    <span className="badge" data-state={state.toLowerCase()}>
      {SAID[state]}
    </span>
  )
}
