'use client'
// Records that could not be read: which, where and why, as a table and as CSV.
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useClient, useQuery } from 'urql'
import { formatCsv } from '../../components/csv'
import { Problem } from '../../components/problem'
import { saveFile } from '../../components/save-file'
import {
  DatasetRejectionsDocument,
  type DatasetRejectionPartsFragment,
} from '../../graphql/generated/graphql'
import { showCount } from '../lens/numbers'

type Rejection = DatasetRejectionPartsFragment

const MOST = 1000
const PAGE = 100

export function rejectionsCsv(rejections: readonly Rejection[]): string {
  return formatCsv(
    ['record', 'field', 'reason'],
    rejections.map(({ record, field, reason }) => [record, field ?? '', reason]),
  )
}

export function RejectionTable({ rejections }: { readonly rejections: readonly Rejection[] }) {
  return (
    <table className="plain-table rejections" data-testid="rejections">
      <thead>
        <tr>
          <th scope="col">Record</th>
          <th scope="col">Field</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {rejections.map(({ record, field, reason }, index) => (
          <tr key={index}>
            <th scope="row" className="tabular">
              {showCount(record)}
            </th>
            <td className="mono">{field ?? '–'}</td>
            <td className="wrap">{reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface Reported {
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

/** "12 rejected": opens the report; nothing where nothing was rejected. */
export function RejectionsButton({ dataset }: { readonly dataset: Reported }) {
  if (dataset.rejected === 0) return <span className="faint">none</span>
  return (
    <Dialog.Root>
      <Dialog.Trigger className="link tabular" data-testid="open-rejections">
        {showCount(dataset.rejected)}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog wide" aria-describedby={undefined}>
          <Dialog.Title>
            {showCount(dataset.rejected)} records of {dataset.name} were rejected
          </Dialog.Title>
          <Report dataset={dataset} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
