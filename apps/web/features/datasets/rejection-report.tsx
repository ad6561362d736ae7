'use client'
// The report of what could not be read of a data set, over the page. To be loaded when it is opened.
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useClient, useQuery } from 'urql'
import { DialogFrame } from '../../components/dialog-frame'
import { Problem } from '../../components/problem'
import { saveFile } from '../../components/save-file'
import { DatasetRejectionsDocument } from '../../graphql/generated/graphql'
import { showCount } from '../lens/numbers'
import { rejectionsCsv, RejectionTable } from './rejections'

const MOST = 1000
const PAGE = 100

export interface Reported {
  readonly id: string
  readonly name: string
  readonly rejected: number
}

function Report({ dataset }: { readonly dataset: Reported }) {
  const client = useClient()
  const [first, setFirst] = useState(PAGE)
  const [{ data, error }] = useQuery({
    query: DatasetRejectionsDocument,
    variables: { id: dataset.id, first, offset: 0 },
  })
  const rejections = data?.dataset?.rejections ?? []
  const save = async () => {
    const all = await client
      .query(DatasetRejectionsDocument, { id: dataset.id, first: MOST, offset: 0 })
      .toPromise()
    const rows = all.data?.dataset?.rejections ?? rejections
    saveFile(`${dataset.name}-rejected.csv`, rejectionsCsv(rows), 'text/csv')
  }
  const kept = Math.min(MOST, dataset.rejected)
  return (
    <>
      {error && !data && (
        <Problem title="The report could not be read" message={error.graphQLErrors[0]?.message} />
      )}
      {!data && !error && <div className="skeleton" style={{ height: 160 }} />}
      {data && (
        <div className="rejection-scroll" tabIndex={0} role="region" aria-label="Rejected records">
          <RejectionTable rejections={rejections} />
        </div>
      )}
      {dataset.rejected > MOST && (
        <p className="muted">The first {showCount(MOST)} are kept; all are counted.</p>
      )}
      <div className="dialog-actions">
        {rejections.length < kept && data && (
          <button type="button" className="button" onClick={() => setFirst(first + PAGE * 2)}>
            Show more
          </button>
        )}
        <button type="button" className="button" onClick={() => void save()}>
          CSV
        </button>
        <Dialog.Close className="button primary">Close</Dialog.Close>
      </div>
    </>
  )
}

export function RejectionReport({
  dataset,
  onClose,
}: {
  readonly dataset: Reported
  readonly onClose: () => void
}) {
  return (
    <DialogFrame className="dialog wide" testId="rejection-report" onClose={onClose}>
      <Dialog.Title>
        {showCount(dataset.rejected)} records of {dataset.name} were rejected
      </Dialog.Title>
      <Report dataset={dataset} />
    </DialogFrame>
  )
}
