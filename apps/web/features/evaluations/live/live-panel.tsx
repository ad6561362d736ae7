'use client'
// An evaluation while it runs: progress and what is known so far; the results take the place of the latter when they are there.
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { Problem } from '../../../components/problem'
import { isFinal } from '../evaluation-words'
import { useEvaluationActions } from '../use-actions'
import { LiveStrip } from './live-strip'
import { useLiveEvaluation } from './use-live-evaluation'

/** Only an evaluation on its way needs it. */
const SoFar = lazy(async () => ({ default: (await import('./so-far')).SoFar }))

interface LivePanelProps {
  readonly evaluationId: string
  /** The comparison: shown at the end, or before when the reader asks for it. */
  readonly results?: ReactNode
  /** It came to its end, or began to move again: read what depends on its rows anew. */
  readonly onEnded?: () => void
}

function Waiting() {
  return (
    <>
      <div className="card skeleton live-strip" />
      <div className="card skeleton" style={{ height: 420 }} />
    </>
  )
}

export function LivePanel({ evaluationId, results = null, onEnded }: LivePanelProps) {
  const { evaluation, progress, missing, problem, reload } = useLiveEvaluation(
    evaluationId,
    onEnded,
  )
  const actions = useEvaluationActions(reload)
  const [peeking, setPeeking] = useState(false)
  if (problem) return <Problem title="The evaluation could not be read" message={problem} />
  if (missing) return null
  if (!evaluation || !progress) return <Waiting />
  const final = isFinal(progress.state)
  const showResults = results !== null && (final || peeking)
  return (
    <>
      <LiveStrip
        evaluation={evaluation}
        progress={progress}
        actions={actions}
        peek={{
          possible: !final && results !== null && progress.done > 0,
          on: peeking,
          toggle: () => setPeeking(!peeking),
        }}
      />
      {showResults ? (
        results
      ) : (
        <Suspense fallback={<div className="card skeleton" style={{ height: 420 }} />}>
          <SoFar evaluation={evaluation} progress={progress} />
        </Suspense>
      )}
    </>
  )
}
