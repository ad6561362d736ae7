// A row that no edit made: an unedited model, or what a paper printed. Drawn hollow.
import { showMetric } from '../comparison-model'
import { Noted } from '../number-notes'
import { CellNote } from './cell-note'
import { IntervalMark } from './interval-mark'
import type { ShownColumn } from './shown-column'
import type { ReferenceRow } from './table-model'

interface ReferenceRowProps {
  readonly row: ReferenceRow
  readonly columns: readonly ShownColumn[]
  readonly source: string
  /** Which row of the table it is, for the arrow keys. */
  readonly place: number
}

export function ReferenceTableRow({ row, columns, source, place }: ReferenceRowProps) {
  return (
    <tr className="reference" data-kind={row.kind}>
      <th scope="row">
        <span className="swatch hollow" aria-hidden />
        <span>
          {row.label}{' '}
          <small>
            {row.detail}
            {row.kind === 'published' && ', published'}
          </small>
        </span>
      </th>
      {columns.map((column, index) => {
        const cell = row.cells.get(column.name)
        return (
          <td key={column.name}>
            {cell && (
              <Noted
                className="number"
                row={place}
                column={index}
                note={() => (
                  <CellNote
                    column={column}
                    cell={cell}
                    who={`${row.label}, ${row.detail}`}
                    source={row.kind === 'published' ? `published, ${source}` : source}
                  />
                )}
              >
                <IntervalMark cell={cell} domain={column.domain} hollow />
                <b>{showMetric(cell.mean, column)}</b>
              </Noted>
            )}
          </td>
        )
      })}
      <td />
      <td />
      <td />
      <td />
    </tr>
  )
}
