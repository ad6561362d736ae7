'use client'
// An edit without a result: why, what to do, and a way to try again.
import Link from 'next/link'
import { useMutation } from 'urql'
import { Problem } from '../../../components/problem'
import { RetryEditDocument } from '../../../graphql/generated/graphql'
import { complaintOf } from '../complaint'
import type { TaskProgress } from '../follow-task'
import { WriteButton } from '../../account/write-button'

interface EditEndedProps {
  readonly editId: string
  readonly task: TaskProgress
  readonly again: string
  readonly onRetried: () => void
}

export function EditEnded({ editId, task, again, onRetried }: EditEndedProps) {
  const [{ fetching, error, data }, retry] = useMutation(RetryEditDocument)
  const refused = complaintOf(error, data?.retryEdit.errors)
  const cancelled = task.state === 'CANCELLED'
  const tried = task.attempt > 1 ? ` It was tried ${task.attempt} times.` : ''
  return (
    <div data-testid={cancelled ? 'edit-cancelled' : 'edit-failed'}>
      <Problem
        title={cancelled ? 'This edit was cancelled' : 'This edit failed'}
        message={
          cancelled
            ? 'Nothing of it was stored, and the model is as it was.'
            : `${task.error?.message ?? 'No reason was recorded.'}${tried}`
        }
        cure={cancelled ? undefined : task.error?.cure}
        code={cancelled ? undefined : task.error?.code}
      >
        <WriteButton
          verb="run edits"
          type="button"
          className="button small"
          disabled={fetching}
          onClick={() => void retry({ id: editId }).then(onRetried)}
        >
          Run it again
        </WriteButton>
        <Link className="button small" href={again}>
          Run again with changes
        </Link>
        {refused && <span>{refused.message}</span>}
      </Problem>
    </div>
  )
}
