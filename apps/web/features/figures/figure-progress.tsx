'use client'
// A set of figures on its way: how many prompts are done, time left, and a way to stop it.
import { useMutation } from 'urql'
import { CancelFiguresDocument, type FigureSetRowFragment } from '../../graphql/generated/graphql'
import { showDuration } from '../lens/numbers'
import { WriteButton } from '../account/write-button'

interface FigureProgressProps {
  readonly set: FigureSetRowFragment
  readonly onChanged: () => void
}

export function FigureProgress({ set, onChanged }: FigureProgressProps) {
  const [{ fetching }, cancel] = useMutation(CancelFiguresDocument)
  const queued = set.state === 'QUEUED'
  return (
    <section
      className="card figure-progress import-now"
      role="status"
      data-testid="figure-progress"
    >
      <p>
        <b>{queued ? 'Queued' : set.stage}</b>
        <span className="tabular">
          {set.done.toLocaleString('en-US')} of {set.prompts.toLocaleString('en-US')} prompts
        </span>
        {set.secondsLeft !== null && (
          <span className="muted">about {showDuration(set.secondsLeft)} left</span>
        )}
        <WriteButton
          verb="cancel figures"
          type="button"
          className="button small"
          disabled={fetching}
          onClick={() => void cancel({ id: set.id }).then(onChanged)}
        >
          Cancel
        </WriteButton>
      </p>
      <progress
        aria-label="Prompts"
        {...(queued ? {} : { value: set.done, max: Math.max(1, set.prompts) })}
      />
    </section>
  )
}
