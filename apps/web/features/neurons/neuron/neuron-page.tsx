'use client'
// One neuron: its words, what moves it, what writes to it, what people say of it.
import Link from 'next/link'
import { useCallback, useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { onReconnected } from '../../../graphql/connection'
import { NeuronDocument, NeuronModelsDocument } from '../../../graphql/generated/graphql'
import { AnnotationsOn, useAnnotationsReady } from '../../annotations/annotations-on'
import { CommentThread } from '../../comments'
import { complaintOf } from '../../edits/complaint'
import { layerAddress, neuronAddress } from '../neuron-address'
import { EditsCard } from './edits-card'
import { MomentsCard, type MomentOrder } from './moments-card'
import { NearCard } from './near-card'
import { NeuronHeader } from './neuron-header'
import { ScaleForm } from './scale-form'
import { useNeuronKeys } from './use-neuron-keys'
import { WordsCard, type NeuronFacts } from './words-card'

export interface NeuronPlace {
  readonly modelId: string
  readonly layer: number
  readonly index: number
}

function useNeuron(place: NeuronPlace, order: MomentOrder) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: NeuronDocument,
    variables: { ...place, byCoefficient: order === 'gradient' },
    requestPolicy: 'cache-and-network',
  })
  const [kept, setKept] = useState<NeuronFacts | null>(null)
  const found = data?.neuron ?? null
  useEffect(() => {
    if (found) setKept(found)
  }, [found])
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  // Another order of the same neuron keeps what is there until it comes.
  const same = kept?.layer === place.layer && kept.index === place.index ? kept : null
  return {
    neuron: found ?? same,
    missing: data !== undefined && found === null && !fetching,
    complaint: data ? null : complaintOf(error, undefined),
    reload,
  }
}

function Missing({ place }: { readonly place: NeuronPlace }) {
  return (
    <section className="card empty" data-testid="no-such-neuron">
      <h1>There is no such neuron</h1>
      <p>The model was removed, or the layer or index is out of range.</p>
      <Link
        className="button primary"
        href={layerAddress(place.modelId, place.layer)}
        prefetch={false}
      >
        Layer {place.layer}
      </Link>
    </section>
  )
}

function Body({
  neuron,
  order,
  onOrder,
  reload,
}: {
  readonly neuron: NeuronFacts
  readonly order: MomentOrder
  readonly onOrder: (order: MomentOrder) => void
  readonly reload: () => void
}) {
  const { modelId, layer, index } = neuron
  const anchor = { kind: 'NEURON', modelId, layer, index } as const
  return (
    <div className="neuron-body">
      <div className="neuron-column">
        <WordsCard neuron={neuron} />
        <MomentsCard neuron={neuron} order={order} onOrder={onOrder} />
        <div className="neuron-words">
          <NearCard neuron={neuron} />
          <EditsCard neuron={neuron} />
        </div>
      </div>
      <div className="neuron-column">
        <AnnotationsOn
          anchor={anchor}
          place={`neuron:${modelId}/${layer}/${index}`}
          onChanged={reload}
        />
        <ScaleForm key={`${layer}/${index}`} neuron={neuron} />
        <section className="card pad" aria-label="Comments">
          <CommentThread anchor={anchor} label="Comment on this neuron" />
        </section>
      </div>
    </div>
  )
}

export function NeuronPage({ place }: { readonly place: NeuronPlace }) {
  const { modelId, layer, index } = place
  const [order, setOrder] = useState<MomentOrder>('activation')
  const { neuron, missing, complaint, reload } = useNeuron(place, order)
  const [{ data: models }] = useQuery({ query: NeuronModelsDocument })
  const model = models?.models.edges.find(({ node }) => node.id === modelId)?.node
  const neurons = neuron?.survey?.neurons ?? null
  const addressOf = useCallback(
    (step: 1 | -1) => {
      const to = index + step
      return to < 0 || (neurons !== null && to >= neurons)
        ? null
        : neuronAddress(modelId, layer, to)
    },
    [modelId, layer, index, neurons],
  )
  useNeuronKeys(addressOf)
  const noted = useAnnotationsReady({ kind: 'NEURON', modelId, layer, index })
  const [opened, setOpened] = useState(false)
  useEffect(() => {
    if (neuron && noted) setOpened(true)
  }, [neuron, noted])
  return (
    <main className="page neuron-page" id="main" data-testid="neuron-page">
      {neuron && opened && (
        <>
          <NeuronHeader
            neuron={neuron}
            modelName={model?.name ?? ''}
            previous={addressOf(-1)}
            next={addressOf(1)}
          />
          <Body neuron={neuron} order={order} onOrder={setOrder} reload={reload} />
        </>
      )}
      {!neuron && missing && <Missing place={place} />}
      {!neuron && complaint && (
        <Problem
          title="The neuron could not be read"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        >
          <button type="button" className="button small" onClick={reload}>
            Try again
          </button>
        </Problem>
      )}
      {(!neuron || !opened) && !missing && !complaint && (
        <>
          <div className="skeleton" style={{ height: 62 }} />
          <div className="card skeleton" style={{ height: 640 }} />
        </>
      )}
    </main>
  )
}
