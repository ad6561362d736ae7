'use client'
// One run in the list; a run on its way follows its progress by itself.
import Link from 'next/link'
import { useEffect } from 'react'
import { useSubscription } from 'urql'
import { When } from '../../components/when'
import { LensRunProgressDocument, type LensRunsQuery } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { StateBadge } from './state-badge'

export type RunItem = LensRunsQuery['lensRuns']['edges'][number]['node']

const isLive = (state: RunItem['state']) => state === 'QUEUED' || state === 'RUNNING'

function useLiveState(run: RunItem, onEnded: () => void) {
  const [{ data }] = useSubscription({
    query: LensRunProgressDocument,
    variables: { runId: run.id, afterVersion: Math.max(0, run.progressVersion - 1) },
    pause: !isLive(run.state),
  })
  const progress = isLive(run.state) ? data?.lensRunProgress : undefined
  const ended = progress !== undefined && !isLive(progress.state)
  useEffect(() => {
    if (ended) onEnded()
  }, [ended, onEnded])
  return { state: progress?.state ?? run.state, stage: progress?.stage ?? run.stage }
}

function Outcome({ run }: { readonly run: RunItem }) {
  if (run.error) return <span title={run.error.cure}>{run.error.message}</span>
  if (!run.answer) return null
  const text = run.answer.token.text
  return (
    <>
      <span className="mono">{text.replace(/^ /, '·')}</span>{' '}
      <span className="muted tabular">{(run.answer.token.probability * 100).toFixed(0)}%</span>
    </>
  )
}

interface RunRowProps {
  readonly run: RunItem
  readonly onEnded: () => void
  readonly onDelete: () => void
}

export function RunRow({ run, onEnded, onDelete }: RunRowProps) {
  const live = useLiveState(run, onEnded)
  const prompt = run.promptText ?? `${run.promptLength ?? ''} token ids`
  return (
    <tr data-testid="run-row" data-state={live.state.toLowerCase()}>
      <td className="grow">
        <Link className="mono" href={`/lens?run=${encodeURIComponent(run.id)}`} prefetch={false}>
          {prompt}
        </Link>
      </td>
      <td className="mono accent">{run.targetText?.trim()}</td>
      <td>
        <Outcome run={run} />
      </td>
      <td className="tabular">{run.loss?.toFixed(3) ?? ''}</td>
      <td>{run.model.name}</td>
      <td>
        <StateBadge state={live.state} />
        {live.state === 'RUNNING' && <small className="muted"> {live.stage.toLowerCase()}</small>}
      </td>
      <td className="muted">
        <When at={run.createdAt} />
      </td>
      <td>
        <WriteButton
          verb="delete runs"
          type="button"
          className="icon"
          aria-label={`Delete the run of “${prompt}”`}
          onClick={onDelete}
        >
          ×
        </WriteButton>
      </td>
    </tr>
  )
}
