'use client'
// All annotations: search, filters, orders, page by page, and export of what is filtered.
import { useState } from 'react'
import { useClient, useQuery } from 'urql'
import { Choice } from '../../../components/choice'
import { usePages, type PageInfo } from '../../../components/page-list'
import { Problem } from '../../../components/problem'
import { saveFile } from '../../../components/save-file'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  AnnotationsDocument,
  AnnotationTagsDocument,
  AskModelsDocument,
  type AnchorKind,
  type AnnotationOrder,
  type AnnotationPartsFragment,
  type AnnotationsQuery,
  type AnnotationsQueryVariables,
  type AnnotationState,
} from '../../../graphql/generated/graphql'
import { kindInWords } from '../../comments/anchors'
import { complaintOf } from '../../edits/complaint'
import { NeuronTabs } from '../../neurons/neuron-tabs'
import { AnnotationCard } from '../annotation-card'
import { annotationsCsv } from './annotation-export'
import {
  ANNOTATION_ORDERS,
  annotationFilterOf,
  formatAnnotationsView,
  KINDS,
  parseAnnotationsView,
  STATES,
  type AnnotationsView,
} from './annotations-view'
import { useAddressView, type ChangeView } from './use-address-view'

const PAGE = 30
const EXPORT_PAGE = 50
const FORM = { parse: parseAnnotationsView, format: formatAnnotationsView }
const any = { value: '' as const, label: 'any' }

interface ViewProps {
  readonly view: AnnotationsView
  readonly change: ChangeView<AnnotationsView>
}

function Filters({ view, change }: ViewProps) {
  const [models] = useQuery({ query: AskModelsDocument })
  const [tags] = useQuery({ query: AnnotationTagsDocument })
  const named = models.data?.models.edges.map(({ node }) => ({ value: node.id, label: node.name }))
  const tagged = tags.data?.annotationTags.map(({ tag, count }) => ({
    value: tag,
    label: `${tag} (${count})`,
  }))
  const unlisted = view.tag && !tagged?.some(({ value }) => value === view.tag)
  return (
    <div className="bar filters">
      <input
        type="search"
        className="input"
        placeholder="Search labels, texts and tags"
        aria-label="Search annotations"
        value={view.search}
        data-testid="annotations-search"
        onChange={(event) => change({ search: event.target.value })}
      />
      <Choice
        caption="State"
        value={view.state}
        options={[any, ...STATES.map((value) => ({ value, label: value.toLowerCase() }))]}
        onChange={(state: AnnotationState | '') => change({ state })}
      />
      <Choice
        caption="On"
        value={view.kind}
        options={[any, ...KINDS.map((value) => ({ value, label: kindInWords(value) }))]}
        onChange={(kind: AnchorKind | '') => change({ kind })}
      />
      <Choice
        caption="Model"
        value={view.modelId}
        options={[any, ...(named ?? [])]}
        onChange={(modelId) => change({ modelId })}
      />
      <Choice
        caption="Tag"
        value={view.tag}
        options={[
          any,
          ...(unlisted ? [{ value: view.tag, label: view.tag }] : []),
          ...(tagged ?? []),
        ]}
        onChange={(tag) => change({ tag })}
      />
      <Choice
        caption="Order"
        value={view.order}
        options={(Object.keys(ANNOTATION_ORDERS) as AnnotationOrder[]).map((value) => ({
          value,
          label: ANNOTATION_ORDERS[value],
        }))}
        onChange={(order) => change({ order })}
      />
    </div>
  )
}

/** Every annotation of the filter, read page by page. */
function useExport(view: AnnotationsView) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const readAll = async (): Promise<AnnotationPartsFragment[]> => {
    const all: AnnotationPartsFragment[] = []
    let after: string | null = null
    do {
      const variables: AnnotationsQueryVariables = {
        filter: annotationFilterOf(view),
        order: view.order,
        first: EXPORT_PAGE,
        after,
      }
      const answer = await client.query(AnnotationsDocument, variables).toPromise()
      const page = answer.data?.annotations as AnnotationsQuery['annotations'] | undefined
      if (!page) throw new Error('The API does not answer.')
      all.push(...page.edges.map(({ node }) => node))
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
    } while (after !== null)
    return all
  }
  const save = async () => {
    setBusy(true)
    try {
      saveFile('annotations.csv', annotationsCsv(await readAll()), 'text/csv')
    } finally {
      setBusy(false)
    }
  }
  return { busy, save }
}

function ExportButtons({ view }: { readonly view: AnnotationsView }) {
  const { busy, save } = useExport(view)
  const filter = annotationFilterOf(view)
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter ?? {})) query.set(name, String(value))
  const json = `/api/annotations.json${query.size > 0 ? `?${query.toString()}` : ''}`
  return (
    <span className="joined" role="group" aria-label="Export">
      <button
        type="button"
        className="button small"
        disabled={busy}
        data-testid="annotations-csv"
        onClick={() => void save()}
      >
        {busy ? 'Reading' : 'CSV'}
      </button>
      <a className="button small" href={json} download data-testid="annotations-json">
        JSON
      </a>
    </span>
  )
}

interface PageProps {
  readonly view: AnnotationsView
  readonly after: string | null
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
  readonly onClear: () => void
}

function Page({ view, after, last, onMore, onClear }: PageProps) {
  const [{ data, error }, execute] = useQuery({
    query: AnnotationsDocument,
    variables: { filter: annotationFilterOf(view), order: view.order, first: PAGE, after },
    requestPolicy: 'cache-and-network',
  })
  const complaint = data ? null : complaintOf(error, undefined)
  if (complaint)
    return (
      <Problem
        title="The annotations could not be read"
        message={complaint.message}
        cure={complaint.cure}
        code={complaint.code}
      />
    )
  if (!data) return <div className="card skeleton" style={{ height: 480 }} aria-busy />
  const { edges, pageInfo, totalCount } = data.annotations
  const filtered = annotationFilterOf(view) !== null
  return (
    <>
      {after === null && edges.length > 0 && (
        <p className="muted" role="status" data-testid="annotations-found">
          {totalCount.toLocaleString('en-US')} {totalCount === 1 ? 'annotation' : 'annotations'}
        </p>
      )}
      {after === null && edges.length === 0 && <None filtered={filtered} onClear={onClear} />}
      {edges.length > 0 && (
        <div className="card annotation-list">
          {edges.map(({ node }) => (
            <AnnotationCard
              key={node.id}
              annotation={node}
              withAnchor
              onChanged={() => execute({ requestPolicy: 'network-only' })}
            />
          ))}
        </div>
      )}
      {last && pageInfo.hasNextPage && (
        <button
          type="button"
          className="button small"
          onClick={() => onMore({ ...pageInfo, endCursor: pageInfo.endCursor ?? null })}
        >
          More
        </button>
      )}
    </>
  )
}

function None({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return (
    <section className="card empty" data-testid="annotations-none">
      <h2>{filtered ? 'No annotation is like this' : 'No annotations yet'}</h2>
      <p>
        {filtered
          ? 'Take something out of the filter.'
          : 'An annotation says what a neuron, a cell or an edit is about, with evidence. Open a neuron and write the first.'}
      </p>
      {filtered ? (
        <button type="button" className="button" onClick={onClear}>
          Clear the filter
        </button>
      ) : (
        <a className="button primary" href="/neurons">
          Neurons
        </a>
      )}
    </section>
  )
}

export function AnnotationsPage() {
  const [view, change] = useAddressView(FORM)
  const asked = useDebouncedValue(view, 200)
  const { after, more } = usePages(formatAnnotationsView(asked))
  const clear = () => change(parseAnnotationsView(new URLSearchParams()))
  return (
    <main className="page" id="main">
      <div className="bar">
        <h1 className="grow">Annotations</h1>
        <ExportButtons view={asked} />
      </div>
      <NeuronTabs />
      <Filters view={view} change={change} />
      {after.map((cursor, place) => (
        <Page
          key={`${formatAnnotationsView(asked)}${cursor}`}
          view={asked}
          after={cursor}
          last={place === after.length - 1}
          onMore={more}
          onClear={clear}
        />
      ))}
    </main>
  )
}
