'use client'
// One import: how far it is and how to stop it; what came of it, with the records that were rejected; or why it ended.
import Link from 'next/link'
import { useEffect, useMemo, useState } from 'react'
import { useMutation, useSubscription } from 'urql'
import { Problem } from '../../../components/problem'
import { saveFile } from '../../../components/save-file'
import {
  CancelDatasetImportDocument,
  DatasetImportProgressDocument,
  type DatasetImportPartsFragment,
} from '../../../graphql/generated/graphql'
import { showCount } from '../../lens/numbers'
import { StateBadge } from '../../runs/state-badge'
import { saySource } from '../dataset-words'
import { rejectionsCsv, RejectionTable } from '../rejections'
import { RejectionsButton } from '../rejections-button'
import { WriteButton } from '../../account/write-button'
import { doneShare, isUnderWay, newerImport, sayTransfer } from './import-facts'
import { useRate } from './use-readings'

type Import = DatasetImportPartsFragment

/** The import as the subscription last told it; `onEnded` is called once when it ends. */
function useLiveImport(known: Import, onEnded: () => void): Import {
  const { id } = known
  const [from, setFrom] = useState({ id, version: known.version })
  if (from.id !== id) setFrom({ id, version: known.version })
  const [{ data }] = useSubscription({
    query: DatasetImportProgressDocument,
    variables: useMemo(() => ({ importId: id, afterVersion: from.version }), [id, from.version]),
    pause: !isUnderWay(known),
  })
  const live = newerImport(known, data?.datasetImportProgress)
  const ended = isUnderWay(known) && !isUnderWay(live)
  useEffect(() => {
    if (ended) onEnded()
  }, [ended, onEnded])
  return live
}

interface RowProps {
  readonly item: Import
}

const many = (count: number, what: string) => `${showCount(count)} ${what}${count === 1 ? '' : 's'}`

function UnderWay({ item }: RowProps) {
  const [{ fetching }, cancel] = useMutation(CancelDatasetImportDocument)
  const rate = useRate(item.receivedBytes > 0 ? item.receivedBytes : null)
  const transfer = sayTransfer(item.receivedBytes, item.totalBytes, rate, item.secondsLeft)
  return (
    <div className="import-now">
      <progress
        aria-label={`${item.name}: ${item.stage}`}
        value={doneShare(item) ?? undefined}
        max={1}
        data-testid="import-progress"
      />
      <p>
        <span role="status">{item.state === 'QUEUED' ? 'queued' : item.stage}</span>
        <span className="tabular muted">{transfer}</span>
        <span className="tabular muted">{many(item.records, 'record')}</span>
        {item.rejected > 0 && (
          <span className="tabular wrong">{showCount(item.rejected)} rejected</span>
        )}
        <WriteButton
          verb="cancel imports"
          type="button"
          className="button small"
          disabled={fetching}
          aria-label={`Cancel the import of ${item.name}`}
          onClick={() => void cancel({ id: item.id })}
        >
          Cancel
        </WriteButton>
      </p>
    </div>
  )
}

/** The first rejections of an import that left no data set. */
function FirstRejections({ item }: RowProps) {
  if (item.rejections.length === 0) return null
  return (
    <details className="first-rejections">
      <summary>
        {showCount(item.rejected)} records were rejected; the first {item.rejections.length}
      </summary>
      <RejectionTable rejections={item.rejections} />
      <button
        type="button"
        className="button small"
        onClick={() =>
          saveFile(`${item.name}-rejected.csv`, rejectionsCsv(item.rejections), 'text/csv')
        }
      >
        CSV
      </button>
    </details>
  )
}

function Ended({ item }: RowProps) {
  if (item.state === 'CANCELLED')
    return <p className="import-line muted">Cancelled. Nothing was stored.</p>
  if (item.state === 'FAILED')
    return (
      <>
        <Problem
          title={`${item.name} was not imported`}
          message={item.error?.message}
          cure={item.error?.cure}
          code={item.error?.code}
        />
        <FirstRejections item={item} />
      </>
    )
  const { dataset } = item
  if (!dataset) return <p className="import-line muted">The data set was removed since.</p>
  return (
    <p className="import-line" data-testid="import-result">
      <Link className="button small primary" href={`/datasets/${dataset.id}`} prefetch={false}>
        Browse {many(dataset.cases, 'case')}
      </Link>
      <span>
        rejected:{' '}
        <RejectionsButton dataset={{ id: dataset.id, name: item.name, rejected: item.rejected }} />
      </span>
    </p>
  )
}

export function DatasetImportRow({
  item: known,
  onChanged,
}: RowProps & { readonly onChanged: () => void }) {
  const item = useLiveImport(known, onChanged)
  return (
    <li className="import-row" data-testid="dataset-import" data-state={item.state}>
      <header>
        <h3>{item.name}</h3>
        <StateBadge state={item.state} />
        <span className="mono muted import-source" title={item.source}>
          {saySource(item.source)}
        </span>
      </header>
      {isUnderWay(item) ? <UnderWay item={item} /> : <Ended item={item} />}
    </li>
  )
}
