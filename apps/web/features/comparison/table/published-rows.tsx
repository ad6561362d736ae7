// What a paper printed, as hollow rows below the measured ones.
import { useState } from 'react'
import type { ShownColumn, TableProps } from './shown-column'
import { ReferenceTableRow } from './reference-row'
import { publishedRows, SPREADS } from './table-model'

interface PublishedProps extends TableProps {
  readonly columns: readonly ShownColumn[]
  readonly place: number
}

export function Published({ comparison, view, columns, place }: PublishedProps) {
  const [all, setAll] = useState(false)
  const { published, arms } = comparison
  const table = published.find(({ id }) => id === (view.published ?? published[0]?.id))
  if (!table) return null
  const rows = publishedRows(table, arms, all)
  const more = table.rows.length - rows.length
  return (
    <>
      <tr className="published-head">
        <th scope="rowgroup" colSpan={columns.length + 5}>
          <span>
            Published: {table.title}. <small>{table.source}</small>
          </span>
          <small>
            {SPREADS[table.spread] ?? table.spread}
            {table.cases !== null && `, ${table.cases.toLocaleString('en-US')} cases`}
            {table.note && `. ${table.note}`}{' '}
          </small>
          {(more > 0 || all) && (
            <button type="button" className="link" onClick={() => setAll(!all)}>
              {all ? 'Only the methods compared' : `${more} more`}
            </button>
          )}
        </th>
      </tr>
      {rows.map((row, index) => (
        <ReferenceTableRow
          key={row.id}
          row={row}
          place={place + index}
          columns={columns}
          source={table.source}
        />
      ))}
    </>
  )
}
