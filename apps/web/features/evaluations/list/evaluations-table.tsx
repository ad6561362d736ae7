'use client'
// The table of evaluations, page by page.
import Link from 'next/link'
import { useCallback, useEffect } from 'react'
import { useQuery } from 'urql'
import type { PageInfo } from '../../../components/page-list'
import { Problem } from '../../../components/problem'
import { onReconnected } from '../../../graphql/connection'
import { EvaluationsDocument } from '../../../graphql/generated/graphql'
import { useNow } from '../../datasets/use-now'
import { METHODS } from '../../edits/edit-words'
import { wizardAddress } from '../new/wizard-view'
import type { ActionName } from '../use-actions'
import { EvaluationRow, type EvaluationItem } from './evaluation-row'
import { evaluationFilterOf, type EvaluationsView } from './evaluations-filter'

const PAGE = 20
const COLUMNS = [
  ['Evaluation', 'Its name and models'],
  ['State', 'Of its computation'],
  ['Progress', 'Edits computed and measured of all: one per arm and case'],
  ['Methods', 'An arm is a model, a method and its hyperparameters'],
  ['Protocol', 'How it is scored, and the slice it runs on'],
  ['By', 'Who started it, and when'],
] as const

interface TableProps {
  readonly view: EvaluationsView
  readonly pages: {
    readonly after: readonly (string | null)[]
    readonly more: (info: PageInfo) => void
  }
  readonly onAction: (name: ActionName, evaluation: EvaluationItem) => void
}

interface ChunkProps extends Omit<TableProps, 'pages'> {
  readonly after: string | null
  readonly last: boolean
  readonly now: number
  readonly onMore: (info: PageInfo) => void
}

function None({ filtered }: { readonly filtered: boolean }) {
  if (filtered)
    return (
      <p className="none" data-testid="no-evaluations">
        No evaluation matches this filter.
      </p>
    )
  return (
    <div className="empty" data-testid="no-evaluations">
      <h2>Nothing has been evaluated yet</h2>
      <p>The facts that come with Imprint are enough for a first one.</p>
      <Link className="button primary" href={wizardAddress({})} prefetch={false}>
        Compare all methods on 100 facts
      </Link>
    </div>
  )
}

function Skeleton() {
  return Array.from({ length: 5 }, (_, index) => (
    <tr key={index} aria-hidden>
      <td colSpan={COLUMNS.length + 1}>
        <div className="skeleton line" />
      </td>
    </tr>
  ))
}

function Chunk({ after, last, view, now, onMore, onAction }: ChunkProps) {
  const filter = evaluationFilterOf(view, METHODS)
  const [{ data, error, fetching }, refetch] = useQuery({
    query: EvaluationsDocument,
    variables: { first: PAGE, after, filter },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  useEffect(() => onReconnected(reload), [reload])
  const found = data?.evaluations.edges.map(({ node }) => node) ?? []
  const whole = COLUMNS.length + 1
  return (
    <>
      {found.map((evaluation) => (
        <EvaluationRow
          key={evaluation.id}
          evaluation={evaluation}
          now={now}
          onEnded={reload}
          onAction={(name) => onAction(name, evaluation)}
        />
      ))}
      {!data && fetching && <Skeleton />}
      {error && !data && (
        <tr className="plain">
          <td colSpan={whole}>
            <Problem
              title="The evaluations could not be read"
              message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
            />
          </td>
        </tr>
      )}
      {data && found.length === 0 && after === null && (
        <tr className="plain">
          <td colSpan={whole}>
            <None filtered={filter !== null} />
          </td>
        </tr>
      )}
      {last && data?.evaluations.pageInfo.hasNextPage && (
        <tr className="plain">
          <td colSpan={whole} className="more">
            <button
              type="button"
              className="button"
              onClick={() => onMore(data.evaluations.pageInfo)}
            >
              Load more
            </button>{' '}
            {data.evaluations.totalCount.toLocaleString('en-US')} in all
          </td>
        </tr>
      )}
    </>
  )
}

export function EvaluationsTable({ pages, ...props }: TableProps) {
  const now = useNow()
  return (
    <div className="card table-card">
      <table className="rows-table evaluations-table">
        <thead>
          <tr>
            {COLUMNS.map(([name, meaning]) => (
              <th key={name} scope="col" title={meaning}>
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="hidden-text">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pages.after.map((after, index) => (
            <Chunk
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
