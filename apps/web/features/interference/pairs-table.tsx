'use client'
// Each pair: how probable the first edit's answer is alone and with the second on top, and whether it still is the answer.
import Link from 'next/link'
import { useState } from 'react'
import { showChance } from '../edits/chance'
import type { PairRow } from './interference-model'

const FEW = 20

function Pair({ row }: { readonly row: PairRow }) {
  return (
    <tr data-holds={row.holds}>
      <td>
        <Link href={`/edits/${row.first}`} prefetch={false}>
          {row.firstName}
        </Link>
      </td>
      <td>
        <Link href={`/edits/${row.second}`} prefetch={false}>
          {row.secondName}
        </Link>
      </td>
      <td>{row.overlap === null ? '–' : row.overlap.toFixed(2)}</td>
      <td>{showChance(row.alone)}</td>
      <td>
        <b>{showChance(row.together)}</b>
      </td>
      <td>
        <span className="verdict" data-tone={row.holds ? 'good' : 'bad'}>
          {row.holds ? 'holds' : 'broken'}
        </span>
      </td>
    </tr>
  )
}

export function PairsTable({ rows }: { readonly rows: readonly PairRow[] }) {
  const [all, setAll] = useState(false)
  const broken = rows.filter(({ holds }) => !holds).length
  const shown = all ? rows : rows.slice(0, FEW)
  return (
    <div className="pairs">
      <p className="muted">
        {broken === 0
          ? `Every one of ${rows.length} pairs holds.`
          : `${broken} of ${rows.length} pairs: the first edit no longer holds under the second.`}
      </p>
      <div className="table-card" tabIndex={0} role="region" aria-label="Pairs of edits">
        <table className="talk-table" data-testid="interference-pairs">
          <thead>
            <tr>
              <th scope="col">First</th>
              <th scope="col">Second, on top</th>
              <th scope="col" title="How much of what the two edits listen to is the same, 0 to 1">
                Key overlap
              </th>
              <th scope="col" title="Probability of the first edit’s answer">
                Alone
              </th>
              <th scope="col">Together</th>
              <th scope="col">First</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Pair key={`${row.first}.${row.second}`} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {!all && rows.length > FEW && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          All {rows.length} pairs
        </button>
      )}
    </div>
  )
}
