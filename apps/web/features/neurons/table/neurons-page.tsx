'use client'
// The neurons of one layer: order, narrow, choose some for a collection, take them away as a file.
import Link from 'next/link'
import { useCallback, useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import { NeuronModelsDocument } from '../../../graphql/generated/graphql'
import { CopyLink } from '../../annotations/copy-link'
import { useAddressView, type ChangeView } from '../../annotations/list/use-address-view'
import { AddToCollection } from '../../collections/add-to-collection'
import { complaintOf } from '../../edits/complaint'
import { showCount } from '../../lens/numbers'
import { LayerChoice, type NeuronModel } from '../layer-choice'
import { layerAddress } from '../neuron-address'
import { NeuronTabs } from '../neuron-tabs'
import { ExportButtons } from './export-buttons'
import { NeuronTable } from './neuron-table'
import { SurveyStrip } from './survey-strip'
import {
  formatTable,
  isNarrowed,
  parseTable,
  sortedBy,
  WHOLE_LAYER,
  type TableView,
} from './table-view'
import { useNeuronWindow } from './use-neuron-window'
import { useSurvey } from './use-survey'

const FORM = { parse: parseTable, format: formatTable }

interface LayerProps {
  readonly model: NeuronModel
  readonly layer: number
  readonly view: TableView
  readonly change: ChangeView<TableView>
}

function Narrow({
  view,
  change,
  found,
}: Pick<LayerProps, 'view' | 'change'> & { readonly found: number | null }) {
  return (
    <div className="bar filters neuron-filters">
      <input
        type="search"
        className="input"
        placeholder="Word, label or index"
        aria-label="Search neurons by word, label or index"
        value={view.search}
        data-testid="neurons-search"
        onChange={(event) => change({ search: event.target.value })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={view.annotated}
          data-testid="neurons-annotated"
          onChange={(event) => change({ annotated: event.target.checked })}
        />{' '}
        annotated only
      </label>
      <span className="muted tabular" role="status" data-testid="neurons-found">
        {found !== null && `${showCount(found)} ${found === 1 ? 'neuron' : 'neurons'}`}
      </span>
    </div>
  )
}

function NotSurveyed({ running }: { readonly running: boolean }) {
  return (
    <section className="empty" data-testid="neurons-not-surveyed">
      <h2>{running ? 'This layer is being read' : 'Nobody has read this layer yet'}</h2>
      <p>
        Its words, neighbours and activations come with a survey. It takes seconds to minutes, and
        stays until there are newer runs.
      </p>
    </section>
  )
}

function NoneFound({ change }: Pick<LayerProps, 'change'>) {
  return (
    <section className="empty" data-testid="neurons-none">
      <h2>No neuron is like this</h2>
      <p>The search looks at the first words of keys and values, at labels, and at the index.</p>
      <button type="button" className="button" onClick={() => change(WHOLE_LAYER)}>
        Show the whole layer
      </button>
    </section>
  )
}

function useChosen(question: string) {
  const [state, setState] = useState({ question, chosen: new Set<number>() as ReadonlySet<number> })
  const chosen = state.question === question ? state.chosen : new Set<number>()
  const choose = useCallback(
    (index: number) =>
      setState((now) => {
        const next = new Set(now.question === question ? now.chosen : [])
        if (!next.delete(index)) next.add(index)
        return { question, chosen: next }
      }),
    [question],
  )
  const clear = useCallback(() => setState({ question, chosen: new Set() }), [question])
  return { chosen, choose, clear }
}

function Layer({ model, layer, view, change }: LayerProps) {
  const asked = useDebouncedValue(view, 180)
  const neurons = useNeuronWindow(model.id, layer, asked)
  const survey = useSurvey(model.id, layer, neurons.reload)
  const { chosen, choose, clear } = useChosen(`${model.id}/${layer}`)
  const anchors = [...chosen].map((index) => ({
    kind: 'NEURON' as const,
    modelId: model.id,
    layer,
    index,
  }))
  return (
    <section className="card neurons-card" aria-label={`Layer ${layer}`}>
      <SurveyStrip modelId={model.id} survey={survey} />
      <div className="bar neurons-bar">
        <Narrow view={view} change={change} found={neurons.total} />
        <ExportButtons model={model} layer={layer} view={asked} />
      </div>
      {chosen.size > 0 && <AddToCollection anchors={anchors} onClear={clear} />}
      {neurons.complaint ? (
        <Problem
          title="The neurons could not be read"
          message={neurons.complaint.message}
          cure={neurons.complaint.cure}
          code={neurons.complaint.code}
        >
          <button type="button" className="button small" onClick={neurons.reload}>
            Try again
          </button>
        </Problem>
      ) : neurons.total === 0 ? (
        isNarrowed(asked) ? (
          <NoneFound change={change} />
        ) : (
          <NotSurveyed running={survey.running} />
        )
      ) : (
        <NeuronTable
          key={`${formatTable(asked)} ${layer}`}
          modelId={model.id}
          layer={layer}
          neurons={neurons}
          view={view}
          chosen={chosen}
          onChoose={choose}
          onSort={(order) => change(sortedBy(view, order))}
        />
      )}
    </section>
  )
}

function NoSuchLayer({ model }: { readonly model: NeuronModel | undefined }) {
  return (
    <section className="card empty" data-testid="no-such-layer">
      <h1>{model ? `${model.name} has no such layer` : 'There is no such model'}</h1>
      <p>
        {model
          ? `Its layers are 0 to ${model.layers - 1}.`
          : 'It was removed, or the address is wrong.'}
      </p>
      <Link
        className="button primary"
        href={model ? layerAddress(model.id, 0) : '/models'}
        prefetch={false}
      >
        {model ? 'Layer 0' : 'Models'}
      </Link>
    </section>
  )
}

export function NeuronsPage({
  modelId,
  layer,
}: {
  readonly modelId: string
  readonly layer: number | null
}) {
  const [view, change] = useAddressView(FORM)
  const [{ data, error }] = useQuery({ query: NeuronModelsDocument })
  const models = data?.models.edges.map(({ node }) => node)
  const model = models?.find(({ id }) => id === modelId)
  const complaint = data ? null : complaintOf(error, undefined)
  const fits = model !== undefined && layer !== null && layer < model.layers
  return (
    <main className="page" id="main" data-testid="neurons-page">
      <div className="bar">
        <h1 className="grow">Neurons</h1>
        <CopyLink />
      </div>
      <NeuronTabs />
      <p className="lead">
        A neuron’s key says what lights it, and its value is what it then writes. A survey reads a
        whole layer in words, finds the nearest neighbours of each neuron, and measures activations
        and gradients over the stored runs.
      </p>
      {models && fits && (
        <>
          <LayerChoice models={models} model={model} layer={layer} query={formatTable(view)} />
          <Layer model={model} layer={layer} view={view} change={change} />
        </>
      )}
      {models && !fits && <NoSuchLayer model={model} />}
      {!models && !complaint && (
        <>
          <div className="skeleton" style={{ height: 32 }} />
          <div className="card skeleton" style={{ height: 766 }} />
        </>
      )}
      {complaint && (
        <Problem
          title="The models could not be read"
          message={complaint.message}
          cure={complaint.cure}
        />
      )}
    </main>
  )
}
