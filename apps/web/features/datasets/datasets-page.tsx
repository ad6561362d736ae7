'use client'
// Data sets: how one comes in, those on their way, and those that are there.
import { useCallback, useEffect, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import { useDebouncedValue } from '../../components/use-debounced-value'
import { onReconnected } from '../../graphql/connection'
import { DatasetsDocument, DeleteDatasetDocument } from '../../graphql/generated/graphql'
import { complaintOf } from '../edits/complaint'
import { DatasetRow, type DatasetItem } from './dataset-row'
import { ImportPanel } from './import/import-panel'
import { ImportsCard, useDatasetImports } from './import/imports-card'
import { useNow } from './use-now'
import { useSearchText } from './use-search-text'

const PAGE = 50
const CHANGES_DATASETS = { additionalTypenames: ['Dataset', 'DatasetConnection'] }
const COLUMNS = [
  ['Data set', 'Its name and where it came from'],
  ['Format', 'What the file was, and its size'],
  ['Cases', 'Facts that can be edited and measured'],
  ['Rejected', 'Records that could not be read: open the report'],
  ['Relations', 'The largest'],
  ['Digest', 'SHA-256 of the file: the same bytes are one data set'],
  ['By', 'Who imported it, and when'],
] as const

function Rows({
  rows,
  searched,
  onDelete,
}: {
  readonly rows: readonly DatasetItem[] | null
  readonly searched: boolean
  readonly onDelete: (dataset: DatasetItem) => void
}) {
  const now = useNow()
  if (rows === null)
    return Array.from({ length: 3 }, (_, index) => (
      <tr key={index} aria-hidden>
        <td colSpan={8}>
          <div className="skeleton line" />
        </td>
      </tr>
    ))
  if (rows.length === 0)
    return (
      <tr className="plain">
        <td colSpan={8} className="none" data-testid="no-datasets">
          {searched ? 'No data set has such a name.' : 'No data set has been imported yet.'}
        </td>
      </tr>
    )
  return rows.map((dataset) => (
    <DatasetRow key={dataset.id} dataset={dataset} now={now} onDelete={() => onDelete(dataset)} />
  ))
}

function useDatasets(search: string) {
  const [first, setFirst] = useState(PAGE)
  const [{ data, error }, refetch] = useQuery({
    query: DatasetsDocument,
    variables: { first, search: search.trim() || null },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  useEffect(() => onReconnected(reload), [reload])
  return {
    rows: data?.datasets.edges.map(({ node }) => node) ?? null,
    total: data?.datasets.totalCount ?? 0,
    error: data ? undefined : error,
    reload,
    more: () => setFirst((now) => now + PAGE),
  }
}

function DeleteDialog({
  doomed,
  onClose,
}: {
  readonly doomed: DatasetItem | null
  readonly onClose: () => void
}) {
  const [{ error, data }, remove] = useMutation(DeleteDatasetDocument)
  const refused = complaintOf(error, data?.deleteDataset.errors)
  return (
    <>
      {refused && (
        <Problem
          title="The data set was not deleted"
          message={refused.message}
          cure={refused.cure}
          code={refused.code}
        />
      )}
      <ConfirmDialog
        open={doomed !== null}
        title="Delete this data set?"
        action="Delete the data set"
        onClose={onClose}
        onConfirm={() => doomed && void remove({ id: doomed.id }, CHANGES_DATASETS)}
      >
        <p className="mono">
          {doomed?.name} v{doomed?.version}
        </p>
        <p>
          Its cases go with it. One that slices use is kept: delete those slices and their
          evaluations first.
        </p>
      </ConfirmDialog>
    </>
  )
}

interface DatasetListProps {
  readonly imports: ReturnType<typeof useDatasetImports>
  readonly list: ReturnType<typeof useDatasets>
  readonly search: string
  readonly onSearch: (search: string) => void
}

function DatasetList({ imports, list, search, onSearch }: DatasetListProps) {
  const [doomed, setDoomed] = useState<DatasetItem | null>(null)
  const { rows, total, error, more } = list
  return (
    <>
      <ImportsCard imports={imports} />
      <div className="bar filters">
        <input
          type="search"
          className="input"
          placeholder="Search names"
          aria-label="Search data sets"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
      <DeleteDialog doomed={doomed} onClose={() => setDoomed(null)} />
      {error ? (
        <Problem
          title="The data sets could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      ) : (
        <div className="card table-card">
          <table className="rows-table datasets-table">
            <thead>
              <tr>
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
              <Rows rows={rows} searched={search !== ''} onDelete={setDoomed} />
            </tbody>
          </table>
          {rows && total > rows.length && (
            <p className="more">
              <button type="button" className="button" onClick={more}>
                Load more
              </button>{' '}
              {total.toLocaleString('en-US')} in all
            </p>
          )}
        </div>
      )}
    </>
  )
}

export function DatasetsPage() {
  const [search, setSearch] = useSearchText()
  const asked = useDebouncedValue(search, 200)
  const list = useDatasets(asked)
  const imports = useDatasetImports(list.reload)
  return (
    <main className="page" id="main">
      <h1>Datasets</h1>
      <ImportPanel onStarted={imports.reload} />
      {imports.loaded ? (
        <DatasetList imports={imports} list={list} search={search} onSearch={setSearch} />
      ) : (
        <div className="card skeleton" style={{ height: 260 }} />
      )}
    </main>
  )
}
