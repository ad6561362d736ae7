'use client'
// All runs, newest first: search, filter, open, delete.
import Link from 'next/link'
import { useCallback, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { usePages } from '../../components/page-list'
import { Problem } from '../../components/problem'
import {
  DeleteLensRunDocument,
  LensRunsDocument,
  ModelsDocument,
  type RunState,
} from '../../graphql/generated/graphql'
import { useDebouncedValue } from '../../components/use-debounced-value'
import { ImportFile } from '../exchange/import-file'
import { filterOf, formatRunsView, RUN_STATES, type RunsView } from './runs-filter'
import { RunRow, type RunItem } from './run-row'
import { useRunsView } from './use-runs-view'

const PAGE = 20

/** What a deletion returns holds no run, so the cache has to be told that lists and counts changed. */
const CHANGES_RUNS = { additionalTypenames: ['LensRun', 'LensRunConnection'] }

interface RunsChunkProps {
  readonly after: string | null
  readonly view: RunsView
  readonly last: boolean
  readonly onMore: (info: { hasNextPage: boolean; endCursor?: string | null }) => void
  readonly onDelete: (run: RunItem) => void
}

function RunsChunk({ after, view, last, onMore, onDelete }: RunsChunkProps) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: LensRunsDocument,
    variables: { first: PAGE, after, filter: filterOf(view) },
    requestPolicy: 'cache-and-network',
  })
  const onEnded = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  const message =
    error && !data ? (error.graphQLErrors[0]?.message ?? 'The API does not answer.') : null
  const runs = data?.lensRuns.edges ?? []
  return (
    <>
      {runs.map(({ node }) => (
        <RunRow key={node.id} run={node} onEnded={onEnded} onDelete={() => onDelete(node)} />
      ))}
      {!data && fetching && <SkeletonRows />}
      {message && (
        <tr>
          <td colSpan={8}>
            <Problem title="The runs could not be read" message={message} />
          </td>
        </tr>
      )}
      {data && runs.length === 0 && after === null && <NoRows filtered={filterOf(view) !== null} />}
      {last && data?.lensRuns.pageInfo.hasNextPage && (
        <tr>
          <td colSpan={8} className="more">
            <button type="button" className="button" onClick={() => onMore(data.lensRuns.pageInfo)}>
              Load more
            </button>
            <span className="muted">
              {' '}
              {data.lensRuns.totalCount.toLocaleString('en-US')} runs in all
            </span>
          </td>
        </tr>
      )}
    </>
  )
}

function NoRows({ filtered }: { readonly filtered: boolean }) {
  return (
    <tr>
      <td colSpan={8} className="none" data-testid="no-rows">
        {filtered ? 'No run matches this filter.' : 'Nothing has been run yet. '}
        {!filtered && <Link href="/lens">Open the lens</Link>}
      </td>
    </tr>
  )
}

export function SkeletonRows() {
  return Array.from({ length: 8 }, (_, index) => (
    <tr key={index} aria-hidden>
      <td colSpan={8}>
        <div className="skeleton line" />
      </td>
    </tr>
  ))
}

function Filters({
  view,
  change,
}: {
  readonly view: RunsView
  readonly change: (part: Partial<RunsView>) => void
}) {
  const [{ data }] = useQuery({ query: ModelsDocument, variables: { first: 100 } })
  const models = data?.models.edges.map(({ node }) => ({ value: node.id, label: node.name })) ?? []
  return (
    <div className="bar filters">
      <input
        type="search"
        className="input"
        placeholder="Search prompts and targets"
        aria-label="Search runs"
        value={view.search}
        onChange={(event) => change({ search: event.target.value })}
      />
      <Choice
        caption="State"
        value={view.state}
        options={[
          { value: '' as const, label: 'any' },
          ...RUN_STATES.map((state) => ({ value: state, label: state.toLowerCase() })),
        ]}
        onChange={(state: RunState | '') => change({ state })}
      />
      <Choice
        caption="Model"
        value={view.modelId}
        options={[{ value: '', label: 'any' }, ...models]}
        onChange={(modelId) => change({ modelId })}
      />
    </div>
  )
}

function Head() {
  return (
    <div className="bar">
      <h1 className="grow short">Runs</h1>
      <ImportFile kind="run" />
    </div>
  )
}

export function RunsPage() {
  const [view, change] = useRunsView()
  const asked = useDebouncedValue(view, 200)
  const pages = usePages(formatRunsView(asked))
  const [doomed, setDoomed] = useState<RunItem | null>(null)
  const [{ error }, deleteRun] = useMutation(DeleteLensRunDocument)
  return (
    <main className="page" id="main">
      <Head />
      <Filters view={view} change={change} />
      {error && (
        <Problem
          title="The run was not deleted"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      <div className="card table-card">
        <table className="list">
          <thead>
            <tr>
              {['Prompt', 'Target', 'Model says', 'Loss', 'Model', 'State', 'Made'].map((name) => (
                <th key={name} scope="col">
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
              <RunsChunk
                key={after ?? ''}
                after={after}
                view={asked}
                last={index === pages.after.length - 1}
                onMore={pages.more}
                onDelete={setDoomed}
              />
            ))}
          </tbody>
        </table>
      </div>
      <ConfirmDialog
        open={doomed !== null}
        title="Delete this run?"
        action="Delete the run"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void deleteRun({ id: doomed.id }, CHANGES_RUNS)}
      >
        <p className="mono">{doomed?.promptText}</p>
        <p>
          Its grid and receipt go with it, and links to it stop working. The same question can be
          run again.
        </p>
      </ConfirmDialog>
    </main>
  )
}
