'use client'
// An edit on its way: stage, how much is done, time left, the loss as it falls, and a way to stop it.
import { useMutation } from 'urql'
import { CancelEditDocument } from '../../../graphql/generated/graphql'
import { showDuration, showNumber } from '../../lens/numbers'
import { sayPlace } from '../../lens/where-computed'
import type { TaskProgress } from '../follow-task'
import { LinePlotView } from '../plot/line-plot'
import { chooseScale, type Series } from '../plot/line-plot-model'
import { WriteButton } from '../../account/write-button'

function Loss({ losses }: { readonly losses: readonly number[] }) {
  if (losses.length === 0) return null
  const series: readonly Series[] = [{ name: 'loss', values: losses, tone: 'first' }]
  return (
    <figure className="figure live-loss" data-testid="live-loss" data-steps={losses.length}>
      <figcaption>
        <h3>Loss of the value being optimised</h3>
        <small>
          nats, by step; now <b className="tabular">{showNumber(losses.at(-1), 4)}</b>
        </small>
      </figcaption>
      <LinePlotView
        series={series}
        scale={chooseScale(series)}
        label={`Loss over ${losses.length} steps`}
        xTitle="step"
      />
    </figure>
  )
}

interface EditProgressProps {
  readonly editId: string
  readonly task: TaskProgress
  readonly onCancelled: () => void
}

export function EditProgress({ editId, task, onCancelled }: EditProgressProps) {
  const [{ fetching }, cancel] = useMutation(CancelEditDocument)
  const queued = task.state === 'QUEUED'
  return (
    <section
      className="card edit-progress"
      role="status"
      data-testid="edit-progress"
      data-stage={task.stage}
    >
      <div className="import-now">
        <p>
          <b>{queued ? 'Queued' : task.stage}</b>
          {queued && typeof task.queuePosition === 'number' && (
            <span>{sayPlace(task.queuePosition)}</span>
          )}
          {!queued && task.total !== null && (
            <span className="tabular">
              {task.done ?? 0} of {task.total}
            </span>
          )}
          <span className="muted tabular">{showDuration(task.elapsedSeconds)}</span>
          {task.secondsLeft !== null && (
            <span className="muted">about {showDuration(task.secondsLeft)} left</span>
          )}
          {task.attempt > 1 && (
            <span className="muted">attempt {task.attempt}: the one before was interrupted</span>
          )}
          <WriteButton
            verb="cancel edits"
            type="button"
            className="button small"
            disabled={fetching}
            onClick={() => void cancel({ id: editId }).then(onCancelled)}
          >
            Cancel
          </WriteButton>
        </p>
        <progress
          aria-label={queued ? 'Queued' : task.stage}
          {...(task.total ? { value: task.done ?? 0, max: task.total } : {})}
        />
      </div>
      <Loss losses={task.losses} />
    </section>
  )
}
