// What is being computed right now: which worker, on what, which cases and arms.
import { showCount, showDuration } from '../../lens/numbers'
import { sayNames } from '../evaluation-words'
import type { Progress } from './progress-model'

export function RunningBatches({ progress }: { readonly progress: Progress }) {
  if (progress.state !== 'RUNNING' && progress.state !== 'QUEUED') return null
  return (
    <section className="card pad batches" aria-label="Running now">
      <h2>
        Running now{' '}
        <small className="muted">
          batches of cases; one that is lost with its worker is computed again
        </small>
      </h2>
      {progress.running.length === 0 && (
        <p className="muted">
          Nothing at this moment: a worker takes a batch when it has finished what it does.
        </p>
      )}
      <ul>
        {progress.running.map(({ workerId, device, firstCase, cases, arms, seconds }) => (
          <li key={`${workerId} ${firstCase}`} data-testid="running-batch">
            <b className="tabular">
              cases {showCount(firstCase + 1)}–{showCount(firstCase + cases)}
            </b>
            <span className="mono" title={arms.join(', ')}>
              {sayNames(arms, 4)}
            </span>
            <span className="muted tabular">{showDuration(seconds)}</span>
            <span className="muted">
              on <span className="mono">{workerId}</span>
              {device && `, ${device}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
