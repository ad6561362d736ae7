'use client'
// A run on its way: where it is, how long it has taken, how long it may take, and a way to stop it.
import { useEffect, useState } from 'react'
import { useMutation } from 'urql'
import { CancelLensRunDocument, type RunStage } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { showDuration } from './numbers'
import { sayBlock, sayPlace } from './where-computed'
import type { RunFacts } from './use-lens-run'

export const STAGES: ReadonlyArray<{ readonly stage: RunStage; readonly label: string }> = [
  { stage: 'QUEUED', label: 'Queued' },
  { stage: 'LOADING', label: 'Loading the model' },
  { stage: 'COMPUTING', label: 'Computing' },
  { stage: 'PROJECTING', label: 'Reading in words' },
  { stage: 'STORING', label: 'Storing' },
]

export function stageLabel(stage: RunStage): string {
  return STAGES.find((step) => step.stage === stage)?.label ?? 'Done'
}

function useElapsed(since: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, (now - new Date(since).getTime()) / 1000)
}

export function RunProgress({
  run,
  onCancelled,
}: {
  readonly run: RunFacts
  readonly onCancelled: () => void
}) {
  const [{ fetching }, cancel] = useMutation(CancelLensRunDocument)
  const elapsed = useElapsed(run.createdAt)
  const at = STAGES.findIndex((step) => step.stage === run.stage)
  const { queuePosition, estimateSeconds } = run
  return (
    <div className="run-progress" role="status" data-testid="run-progress" data-stage={run.stage}>
      <ol>
        {STAGES.map((step, index) => (
          <li
            key={step.stage}
            data-state={index < at ? 'past' : index === at ? 'now' : 'next'}
            aria-current={index === at ? 'step' : undefined}
          >
            {step.label}
          </li>
        ))}
      </ol>
      <p>
        <b className="stage-now" aria-hidden>
          {stageLabel(run.stage)}
        </b>
        {run.state === 'QUEUED' && typeof queuePosition === 'number' && (
          <span>{sayPlace(queuePosition)}</span>
        )}
        <span className="tabular">{elapsed.toFixed(1)} s</span>
        {run.block && <span className="tabular">{sayBlock(run.block)}</span>}
        {!run.block && typeof estimateSeconds === 'number' && (
          <span>about {showDuration(estimateSeconds)} left</span>
        )}
        {run.attempt > 1 && <span>attempt {run.attempt}: the one before was interrupted</span>}
        <WriteButton
          verb="cancel runs"
          type="button"
          className="button small"
          disabled={fetching}
          onClick={() => void cancel({ id: run.id }).then(onCancelled)}
        >
          Cancel
        </WriteButton>
      </p>
    </div>
  )
}
