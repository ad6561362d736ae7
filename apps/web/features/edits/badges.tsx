// Small signs of an edit: its state, how strong it is, and whether it is applied.
import type { EditWarningLevel, RunState } from '../../graphql/generated/graphql'
import { StateBadge } from '../runs/state-badge'
import { LEVELS } from './edit-words'

export function LevelBadge({ level }: { readonly level: EditWarningLevel }) {
  const { slug, label, meaning } = LEVELS[level]
  return (
    <span className="level" data-level={slug} title={meaning}>
      {label}
    </span>
  )
}

interface EditStateProps {
  readonly state: RunState
  readonly outcome: 'EDITED' | 'SKIPPED' | null
  readonly applied: boolean
  readonly place: number | null
}

export function EditState({ state, outcome, applied, place }: EditStateProps) {
  return (
    <span className="edit-states">
      {state === 'DONE' && outcome === 'SKIPPED' ? (
        <span className="badge" data-state="cancelled" title="Nothing was written">
          skipped
        </span>
      ) : (
        <StateBadge state={state} />
      )}
      {applied && (
        <span className="badge applied" title="In the stack that is applied to the model">
          applied{place === null ? '' : ` ${place + 1}`}
        </span>
      )}
    </span>
  )
}
