'use client'
// One import: how far it is and how to stop it; or why it ended, and the way on.
import Link from 'next/link'
import { useEffect, useMemo, useState } from 'react'
import { useMutation, useSubscription } from 'urql'
import { Problem } from '../../components/problem'
import { WriteButton } from '../account/write-button'
import {
  CancelModelImportDocument,
  DeleteModelImportDocument,
  ModelImportProgressDocument,
  RetryModelImportDocument,
  type ModelImportPartsFragment,
} from '../../graphql/generated/graphql'
import { doneShare, isUnderWay, newer, sayBytes, saySeconds, sayStage } from './import-facts'
import { showBytes } from './model-facts'

/** The import as the subscription last told it; `onEnded` is called once when it ends. */
function useLiveImport(known: ModelImportPartsFragment, onEnded: () => void) {
  const { id } = known
  const [from, setFrom] = useState({ id, version: known.progressVersion })
  if (from.id !== id) setFrom({ id, version: known.progressVersion })
  const [{ data }] = useSubscription({
    query: ModelImportProgressDocument,
    variables: useMemo(() => ({ importId: id, afterVersion: from.version }), [id, from.version]),
    pause: !isUnderWay(known),
  })
  const live = newer(known, data?.modelImportProgress)
  const ended = isUnderWay(known) && !isUnderWay(live)
  useEffect(() => {
    if (ended) onEnded()
  }, [ended, onEnded])
  return live
}

interface RowProps {
  readonly item: ModelImportPartsFragment
}

function UnderWay({ item }: RowProps) {
  const [{ fetching }, cancel] = useMutation(CancelModelImportDocument)
  const share = doneShare(item)
  const said = [
    sayBytes(item),
    typeof item.bytesPerSecond === 'number' ? `${showBytes(item.bytesPerSecond)}/s` : null,
    typeof item.secondsLeft === 'number' ? `about ${saySeconds(item.secondsLeft)} left` : null,
  ]
  return (
    <div className="import-now" data-stage={item.stage}>
      <progress
        aria-label={`${item.name}: ${sayStage(item)}`}
        value={share ?? undefined}
        max={1}
        data-testid="import-progress"
      />
      <p>
        <span role="status">{sayStage(item)}</span>
        <span className="tabular muted">{said.filter(Boolean).join(' · ')}</span>
        {item.attempt > 1 && (
          <span className="muted">attempt {item.attempt}: the one before was interrupted</span>
        )}
        <WriteButton
          verb="cancel imports"
          type="button"
          className="button small"
          disabled={fetching}
          aria-label={`Cancel adding ${item.name}`}
          onClick={() => void cancel({ id: item.id })}
        >
          Cancel
        </WriteButton>
      </p>
    </div>
  )
}

function Ended({ item }: RowProps) {
  const [{ fetching, data, error }, retry] = useMutation(RetryModelImportDocument)
  const refused = data?.retryModelImport.errors[0]
  const again = (
    <WriteButton
      verb="add models"
      type="button"
      className="button small"
      disabled={fetching}
      onClick={() => void retry({ id: item.id })}
    >
      Try again
    </WriteButton>
  )
  const why = refused ? `${refused.message} ${refused.cure}` : null
  const note = why ?? (error ? 'The API did not take the request.' : null)
  if (item.state === 'CANCELLED')
    return (
      <p className="import-line muted">
        Cancelled. What had arrived is kept for another try.
        {again}
        {note && <span role="alert">{note}</span>}
      </p>
    )
  return (
    <Problem
      title={`${item.name} was not added`}
      message={item.error?.message}
      cure={item.error?.cure}
      code={item.error?.code}
    >
      {again}
      {note && <span role="alert">{note}</span>}
    </Problem>
  )
}

function Added({ item }: RowProps) {
  return (
    <p className="import-line">
      {item.model ? (
        <Link
          className="button small primary"
          href={`/lens?model=${encodeURIComponent(item.model.id)}`}
        >
          Open in the lens
        </Link>
      ) : (
        <span className="muted">The model was removed since.</span>
      )}
    </p>
  )
}

const SAID = {
  QUEUED: 'queued',
  RUNNING: 'under way',
  DONE: 'added',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const

export function ImportRow({
  item: known,
  onChanged,
}: RowProps & { readonly onChanged: () => void }) {
  const item = useLiveImport(known, onChanged)
  const [, forget] = useMutation(DeleteModelImportDocument)
  return (
    <li className="import-row" data-testid="import-row" data-state={item.state}>
      <header>
        <h3>{item.name}</h3>
        <span className="badge" data-state={item.state.toLowerCase()}>
          {SAID[item.state]}
        </span>
        <span className="mono muted import-source" title={item.source}>
          {item.source}
        </span>
        {!isUnderWay(item) && (
          <WriteButton
            verb="forget imports"
            type="button"
            className="link"
            aria-label={`Remove ${item.name} from this list`}
            onClick={() => void forget({ id: item.id }).then(onChanged)}
          >
            Remove
          </WriteButton>
        )}
      </header>
      {isUnderWay(item) && <UnderWay item={item} />}
      {(item.state === 'FAILED' || item.state === 'CANCELLED') && <Ended item={item} />}
      {item.state === 'DONE' && <Added item={item} />}
      {item.notes.map((sentence) => (
        <p key={sentence} className="muted">
          {sentence}
        </p>
      ))}
    </li>
  )
}
