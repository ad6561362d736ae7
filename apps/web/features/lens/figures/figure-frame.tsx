'use client'
// The frame of every figure: title, what it shows, the table behind it, and its files.
import { useRef, useState, type ReactNode } from 'react'
import { formatCsv, type CsvValue } from '../../../components/csv'
import { saveFile } from '../../../components/save-file'
import { standaloneSvg } from './standalone-svg'

export interface FigureTable {
  readonly header: readonly string[]
  readonly rows: ReadonlyArray<readonly CsvValue[]>
}

interface FigureFrameProps {
  readonly title: string
  readonly caption: ReactNode
  readonly fileName: string
  /** Made only when it is looked at or saved. */
  readonly table: () => FigureTable
  readonly children: ReactNode
}

const MOST_ROWS = 400

export function FigureTableView({ table }: { readonly table: FigureTable }) {
  return (
    <div className="figure-table" tabIndex={0} role="region" aria-label="Table of the figure">
      <table>
        <thead>
          <tr>
            {table.header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, MOST_ROWS).map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={column} className={typeof value === 'number' ? 'tabular' : 'mono'}>
                  {value === null || value === undefined ? '–' : String(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > MOST_ROWS && (
        <p className="faint">
          The first {MOST_ROWS} of {table.rows.length} rows; the CSV has all.
        </p>
      )}
    </div>
  )
}

export function FigureFrame({ title, caption, fileName, table, children }: FigureFrameProps) {
  const [asTable, setAsTable] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const saveSvg = () => {
    const svg = body.current?.querySelector('svg')
    if (svg)
      saveFile(
        `${fileName}.svg`,
        standaloneSvg(svg, `${title}. ${body.current?.dataset.caption ?? ''}`),
        'image/svg+xml',
      )
  }
  return (
    <figure className="figure" data-testid={`figure-${fileName}`}>
      <figcaption>
        <h3>{title}</h3>
        <small>{caption}</small>
      </figcaption>
      <div ref={body}>{asTable ? <FigureTableView table={table()} /> : children}</div>
      <div className="figure-actions">
        <button
          type="button"
          className="link"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Figure' : 'Table'}
        </button>
        <button
          type="button"
          className="link"
          onClick={() =>
            saveFile(`${fileName}.csv`, formatCsv(table().header, table().rows), 'text/csv')
          }
        >
          CSV
        </button>
        {!asTable && (
          <button type="button" className="link" onClick={saveSvg}>
            SVG
          </button>
        )}
      </div>
    </figure>
  )
}
