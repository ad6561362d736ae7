'use client'
// One data set: narrow its cases, look at them, choose some by hand, and make slices of them.
import Link from 'next/link'
import { useCallback, useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import { onReconnected } from '../../../graphql/connection'
import { DatasetDocument } from '../../../graphql/generated/graphql'
import { showCount } from '../../lens/numbers'
import { many } from '../dataset-words'
import { EMPTY_DRAFT, type SliceDraft } from '../slices/slice-model'
import { SliceFields } from '../slices/slice-fields'
import { SlicesCard } from '../slices/slices-card'
import { useMakeSlice, useSlices, type Slice } from '../slices/use-slices'
import { caseFilterOf, toggle, type BrowseView } from './browse-view'
import { CaseDetail } from './case-detail'
import { CasesTable } from './cases-table'
import { DatasetHeader, type DatasetFacts } from './dataset-header'
import { FilterPanel, useModelNames } from './filter-panel'
import { useBrowseView, type ChangeBrowse } from './use-browse-view'
import { useCaseWindow } from './use-case-window'

interface BrowserProps {
  readonly dataset: DatasetFacts
}

/** The slice that the filter and the chosen rows would make. */
function draftOf(
  view: BrowseView,
  chosen: readonly string[],
  typed: Pick<SliceDraft, 'name' | 'count' | 'seed'>,
): SliceDraft {
  return {
    ...typed,
    search: view.search,
    relations: view.relations,
    caseIds: chosen,
    knownByModelId: view.modelId,
  }
}

function showSlice({ definition, knownBy }: Slice, change: ChangeBrowse): void {
  change({
    search: definition.search ?? '',
    relations: definition.relations ?? [],
    modelId: knownBy?.id ?? '',
    onlyKnown: false,
  })
}

function Chosen({
  chosen,
  onClear,
}: {
  readonly chosen: readonly string[]
  readonly onClear: () => void
}) {
  if (chosen.length === 0) return null
  return (
    <span>
      <b className="tabular">{showCount(chosen.length)}</b> chosen by hand{' '}
      <button type="button" className="link" onClick={onClear}>
        Clear
      </button>
    </span>
  )
}

function Cases({
  dataset,
  view,
  onMade,
}: BrowserProps & { readonly view: BrowseView; readonly onMade: () => void }) {
  const cases = useCaseWindow(dataset.id, caseFilterOf(view))
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [active, setActive] = useState(0)
  const [typed, setTyped] = useState<Pick<SliceDraft, 'name' | 'count' | 'seed'>>(EMPTY_DRAFT)
  const making = useMakeSlice()
  const models = useModelNames()
  const choose = useCallback((id: string) => setChosen((now) => toggle(now, id)), [])
  const draft = draftOf(view, chosen, typed)
  // A slice asks the model for every case of the filter, not only for those it is known to know.
  const matching = view.onlyKnown ? null : cases.total
  return (
    <section className="card cases-card" aria-label="Cases">
      <div className="cases-bar">
        <h2 role="status">
          {cases.total === null ? 'Cases' : many(cases.total, 'case')}
          {cases.total !== null && cases.total < dataset.cases && (
            <small className="muted"> of {showCount(dataset.cases)}</small>
          )}
        </h2>
        <Chosen chosen={chosen} onClear={() => setChosen([])} />
      </div>
      <div className="cases-body">
        <CasesTable
          cases={cases}
          withKnown={view.modelId !== ''}
          chosen={chosen}
          active={active}
          onActive={setActive}
          onChoose={choose}
        />
        <aside className="case-side" aria-label="The case">
          <CaseDetail one={cases.caseAt(active)} />
        </aside>
      </div>
      <SliceFields
        datasetId={dataset.id}
        draft={draft}
        matching={matching}
        modelName={models.find(({ id }) => id === view.modelId)?.name ?? null}
        making={making}
        onChange={(part) => setTyped((now) => ({ ...now, ...part }))}
        onMade={() => {
          setChosen([])
          setTyped((now) => ({ ...now, name: '' }))
          onMade()
        }}
      />
    </section>
  )
}

function Browser({ dataset }: BrowserProps) {
  const [view, change] = useBrowseView()
  const asked = useDebouncedValue(view, 200)
  const slices = useSlices(dataset.id)
  return (
    <>
      <div className="dataset-body">
        <FilterPanel view={view} change={change} relations={dataset.relations} />
        <Cases dataset={dataset} view={asked} onMade={slices.reload} />
      </div>
      <SlicesCard list={slices} onShow={(slice) => showSlice(slice, change)} />
    </>
  )
}

export function DatasetPage({ id }: { readonly id: string }) {
  const [{ data, error }, refetch] = useQuery({ query: DatasetDocument, variables: { id } })
  useEffect(() => onReconnected(() => refetch({ requestPolicy: 'network-only' })), [refetch])
  const dataset = data?.dataset
  return (
    <main className="page" id="main">
      {dataset && (
        <>
          <DatasetHeader dataset={dataset} />
          <Browser dataset={dataset} />
        </>
      )}
      {!data && !error && (
        <>
          <div className="skeleton" style={{ height: 92 }} />
          <div className="card skeleton" style={{ height: 620 }} />
        </>
      )}
      {error && !data && (
        <Problem
          title="The data set could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      {data && !dataset && (
        <section className="card empty" data-testid="no-such-dataset">
          <h1>There is no such data set</h1>
          <p>It was deleted, or the address is wrong.</p>
          <Link className="button primary" href="/datasets" prefetch={false}>
            All data sets
          </Link>
        </section>
      )}
    </main>
  )
}
