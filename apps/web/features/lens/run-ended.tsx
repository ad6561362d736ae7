'use client'
// A run that has no result: what happened, why, what to do, and a way to try again.
import { useMutation } from 'urql'
import { Problem } from '../../components/problem'
import { RetryLensRunDocument } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import type { RunFacts } from './use-lens-run'

export function RunEnded({
  run,
  onRetried,
}: {
  readonly run: RunFacts
  readonly onRetried: () => void
}) {
  const [{ fetching, error, data }, retry] = useMutation(RetryLensRunDocument)
  const again = (
    <WriteButton
      verb="run"
      type="button"
      className="button"
      disabled={fetching}
      onClick={() => void retry({ id: run.id }).then(onRetried)}
    >
      Run it again
    </WriteButton>
  )
  const refused =
    data?.retryLensRun.errors[0]?.message ?? (error ? 'The API did not take the request.' : null)
  if (run.state === 'CANCELLED')
    return (
      <div className="run-ended" data-testid="run-cancelled">
        <Problem title="This run was cancelled" message="Nothing of it was stored.">
          {again}
          {refused && <span>{refused}</span>}
        </Problem>
      </div>
    )
  const tried = run.attempt > 1 ? ` It was tried ${run.attempt} times.` : ' It was not tried again.'
  return (
    <div className="run-ended" data-testid="run-failed">
      <Problem
        title="This run failed"
        message={`${run.error?.message ?? 'No reason was recorded.'}${tried}`}
        cure={run.error?.cure}
        code={run.error?.code}
      >
        {again}
        {refused && <span>{refused}</span>}
      </Problem>
    </div>
  )
}
