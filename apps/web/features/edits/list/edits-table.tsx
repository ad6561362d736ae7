'use client'
// The table of edits, page by page.
import { useCallback, useEffect, useState } from 'react'
import { useQuery } from 'urql'
import type { PageInfo } from '../../../components/page-list'
import { Problem } from '../../../components/problem'
import { EditsDocument } from '../../../graphql/generated/graphql'
import { METHODS } from '../edit-words'
import { EditRow, type EditItem } from './edit-row'
import { editFilterOf, type EditsView } from './edits-filter'
import { NoEdits } from './no-edits'

const PAGE = 20
const COLUMNS = [
  ['Edit', 'Its name, and what changes'],
  ['Method', 'How it was computed, and for which model'],
  ['P(target)', 'Probability of the target after the prompt: before (grey) and after (green)'],
  [
    'Logit change',
    'Of the target’s first token: predicted by first order (hollow) and as measured (filled)',
  ],
  ['Strength', 'How strong the edit is beside the matrices it changes'],
  ['State', 'Of its computation, and its place in the applied stack'],
  ['By', 'Who asked for it, and when'],
] as const

/** The present minute: ages follow without the page being loaded again. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

interface EditsTableProps {
  readonly view: EditsView
  readonly pages: {
    readonly after: readonly (string | null)[]
    readonly more: (info: PageInfo) => void
  }
  readonly chosen: readonly string[]
  readonly onChoose: (id: string) => void
  readonly onDelete: (edit: EditItem) => void
  /** The first answer is there: how high the list is is known. */
  readonly onListed: () => void
}

interface ChunkProps extends Omit<EditsTableProps, 'pages'> {
  readonly after: string | null
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
  readonly now: number
}

const logitOf = ({ summary }: EditItem): number =>
  Math.max(
    Math.abs(summary?.predictedLogitChange ?? 0),
    Math.abs(summary?.measuredLogitChange ?? 0),
  )

function useChunk({ after, view, onListed }: ChunkProps) {
  const filter = editFilterOf(view, METHODS)
  const [{ data, error, fetching }, refetch] = useQuery({
    query: EditsDocument,
    variables: { first: PAGE, after, filter },
    requestPolicy: 'cache-and-network',
  })
  const onEnded = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  const listed = data !== undefined || error !== undefined
  useEffect(() => {
    if (listed) onListed()
  }, [listed, onListed])
  return { data, error, fetching, onEnded, filtered: filter !== null }
}

function EditsChunk(props: ChunkProps) {
  const { after, last, onMore, now, chosen, onChoose, onDelete } = props
  const { data, error, fetching, onEnded, filtered } = useChunk(props)
  const edits = data?.edits.edges.map(({ node }) => node) ?? []
  const mostLogit = Math.max(1, ...edits.map(logitOf))
  const whole = COLUMNS.length + 2
  return (
    <>
      {edits.map((edit) => (
        <EditRow
          key={edit.id}
          edit={edit}
          now={now}
          mostLogit={mostLogit}
          chosen={chosen.includes(edit.id)}
          onChoose={() => onChoose(edit.id)}
          onEnded={onEnded}
          onDelete={() => onDelete(edit)}
        />
      ))}
      {!data && fetching && <SkeletonRows columns={whole} />}
      {error && !data && (
        <tr>
          <td colSpan={whole}>
            <Problem
              title="The edits could not be read"
              message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
            />
          </td>
        </tr>
      )}
      {data && edits.length === 0 && after === null && (
        <tr className="plain">
          <td colSpan={whole}>
            <NoEdits filtered={filtered} />
          </td>
        </tr>
      )}
      {last && data?.edits.pageInfo.hasNextPage && (
        <tr className="plain">
          <td colSpan={whole} className="more">
            <button type="button" className="button" onClick={() => onMore(data.edits.pageInfo)}>
              Load more
            </button>
            <span className="muted"> {data.edits.totalCount.toLocaleString('en-US')} in all</span>
          </td>
        </tr>
      )}
    </>
  )
}

function SkeletonRows({ columns }: { readonly columns: number }) {
  return Array.from({ length: 6 }, (_, index) => (
    <tr key={index} aria-hidden>
      <td colSpan={columns}>
        <div className="skeleton line" />
      </td>
    </tr>
  ))
}

export function EditsTable({ pages, ...props }: EditsTableProps) {
  const now = useNow()
  return (
    <div className="card table-card">
      <table className="edit-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">Choose</span>
            </th>
            {COLUMNS.map(([name, meaning]) => (
              <th key={name} scope="col" title={meaning}>
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="hidden-text">Delete</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pages.after.map((after, index) => (
            <EditsChunk
              key={after ?? ''}
              {...props}
              after={after}
              now={now}
              last={index === pages.after.length - 1}
              onMore={pages.more}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}
