'use client'
// Records that could not be read: which, where and why, as a table and as CSV.
import { formatCsv } from '../../components/csv'
import type { DatasetRejectionPartsFragment } from '../../graphql/generated/graphql'
import { showCount } from '../lens/numbers'

type Rejection = DatasetRejectionPartsFragment

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
