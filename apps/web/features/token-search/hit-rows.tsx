// Cells and edits that point to a token, each with the way to it.
import Link from 'next/link'
import { When } from '../../components/when'
import type { SearchProjectionsQuery } from '../../graphql/generated/graphql'
import { editTitle } from '../edits/edit-words'
import { matrixFacts } from '../lens/matrix-names'
import { ordinal } from '../lens/numbers'
import { Token } from '../lens/token'
import { hitAddress } from './search-view'

type Hit = SearchProjectionsQuery['searchProjections']['hits'][number]

/** What holds the cell, in words; one that was deleted meanwhile has none. */
function holderOf({ run, edit }: Hit): string {
  if (edit) return editTitle(edit)
  if (!run) return 'deleted meanwhile'
  return run.name ?? run.promptText ?? 'token ids'
}

function HitRow({ hit }: { readonly hit: Hit }) {
  const { run, edit, layer, matrix, factor, position, positionText, top, place } = hit
  const at = run?.createdAt ?? edit?.createdAt
  return (
    <tr>
      <th scope="row">
        <span className="muted">{edit ? 'edit' : 'run'}</span>{' '}
        {run || edit ? (
          <Link href={hitAddress(hit)} prefetch={false}>
            {holderOf(hit)}
          </Link>
        ) : (
          <span className="faint">{holderOf(hit)}</span>
        )}
        {run?.target && (
          <>
            {' → '}
            <Token text={run.target.text} />
          </>
        )}
      </th>
      <td className="tabular">{layer}</td>
      <td className="mono">
        {matrixFacts(matrix).label} <small className="muted">{factor.toLowerCase()}</small>
      </td>
      <td>
        {position !== null && <span className="muted tabular">{position} </span>}
        {positionText && <Token text={positionText} />}
      </td>
      <td>{`${ordinal(place + 1)} of what is ${top ? 'removed' : 'written'}`}</td>
      <td>{at && <When at={at} />}</td>
    </tr>
  )
}

export function HitRows({ hits }: { readonly hits: readonly Hit[] }) {
  return (
    <section className="card table-card" aria-label="Cells found" data-testid="search-hits">
      <table className="plain-table hits">
        <thead>
          <tr>
            <th scope="col">Run or edit</th>
            <th scope="col">Layer</th>
            <th scope="col">Matrix</th>
            <th scope="col">At</th>
            <th scope="col">Place</th>
            <th scope="col">Begun</th>
          </tr>
        </thead>
        <tbody>
          {hits.map((hit, index) => (
            <HitRow key={index} hit={hit} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
