// How much of an evaluation is done; the part that failed in its own colour.
import { doneShare, sayDone } from './evaluation-words'

interface ProgressBarProps {
  readonly label: string
  readonly state: string
  readonly done: number
  readonly total: number
  readonly failed: number
}

export function EvaluationProgressBar({ label, state, done, total, failed }: ProgressBarProps) {
  const share = doneShare({ done, total, failed, casesPerSecond: null, secondsLeft: null })
  const broken = total > 0 ? failed / total : 0
  return (
    <div
      className="eval-bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.min(total, done + failed)}
      aria-valuetext={sayDone({ done, total })}
      data-state={state.toLowerCase()}
    >
      <i style={{ width: `${((share - broken) * 100).toFixed(2)}%` }} />
      {broken > 0 && <i data-failed style={{ width: `${(broken * 100).toFixed(2)}%` }} />}
    </div>
  )
}
