// One evaluation and its progress: pushed by the subscription, resumed where it broke off, and read now and then in case a word was lost.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { onReconnected } from '../../../graphql/connection'
import {
  EvaluationProgressDocument,
  LiveEvaluationDocument,
} from '../../../graphql/generated/graphql'
import { isFinal } from '../evaluation-words'
import { newerProgress, type LiveEvaluation, type Progress } from './progress-model'

const READ_EVERY_MS = 10_000

export interface OpenEvaluation {
  readonly evaluation: LiveEvaluation | null
  readonly progress: Progress | null
  readonly missing: boolean
  readonly problem: string | null
  readonly reload: () => void
}

function useProgress(known: Progress | null, reload: () => void): Progress | null {
  const id = known?.evaluationId ?? ''
  const live = known !== null && !isFinal(known.state)
  const [from, setFrom] = useState({ id, live, version: known?.version ?? 0 })
  if (from.id !== id || from.live !== live) setFrom({ id, live, version: known?.version ?? 0 })
  const [{ data }] = useSubscription({
    query: EvaluationProgressDocument,
    variables: useMemo(
      () => ({ evaluationId: id, afterVersion: Math.max(0, from.version - 1) }),
      [id, from.version],
    ),
    pause: !live,
  })
  useEffect(() => {
    if (!live) return
    const timer = setInterval(reload, READ_EVERY_MS)
    return () => clearInterval(timer)
  }, [live, reload])
  const progress = known && newerProgress(known, data?.evaluationProgress)
  const ended = live && progress !== null && isFinal(progress.state)
  useEffect(() => {
    if (ended) reload()
  }, [ended, reload])
  return progress
}

/** `onEnded` is called when it comes to its end, and when it begins to move again. */
export function useLiveEvaluation(id: string, onEnded?: () => void): OpenEvaluation {
  const [{ data, error, fetching }, execute] = useQuery({
    query: LiveEvaluationDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  const evaluation = data?.evaluation?.id === id ? data.evaluation : null
  const progress = useProgress(evaluation?.progress ?? null, reload)
  const state = progress?.state ?? null
  const final = state !== null && isFinal(state)
  const wasFinal = useRef<boolean | null>(null)
  useEffect(() => {
    if (state === null) return
    if (wasFinal.current !== null && wasFinal.current !== final) onEnded?.()
    wasFinal.current = final
  }, [state, final, onEnded])
  return {
    evaluation,
    progress,
    missing: data !== undefined && data.evaluation === null && !fetching,
    problem:
      error && !data ? (error.graphQLErrors[0]?.message ?? 'The API does not answer.') : null,
    reload,
  }
}
