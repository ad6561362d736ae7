// The state of a run, with a sign besides its colour.
import type { RunState } from '../../graphql/generated/graphql'

const SAID: Readonly<Record<RunState, string>> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  DONE: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
}

export function StateBadge({ state }: { readonly state: RunState }) {
  return (
    <span className="badge" data-state={state.toLowerCase()}>
      {SAID[state]}
    </span>
  )
}
