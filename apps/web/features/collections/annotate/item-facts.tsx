'use client'
// What annotation mode shows of an item: a neuron's words and moments; of other things, the way to them.
import Link from 'next/link'
import { useQuery } from 'urql'
import {
  NeuronWordsDocument,
  type CollectionItemPartsFragment,
} from '../../../graphql/generated/graphql'
import { Moments } from '../../neurons/neuron/moments'
import { WordsCard } from '../../neurons/neuron/words-card'

interface ItemFactsProps {
  readonly item: CollectionItemPartsFragment
}

function NeuronFacts({
  modelId,
  layer,
  index,
}: {
  readonly modelId: string
  readonly layer: number
  readonly index: number
}) {
  const [{ data, error }] = useQuery({
    query: NeuronWordsDocument,
    variables: { modelId, layer, index },
  })
  const neuron = data?.neuron
  if (error && !data) return <p className="muted">The neuron could not be read.</p>
  if (data && !neuron) return <p className="muted">There is no such neuron any more.</p>
  if (!neuron || neuron.layer !== layer || neuron.index !== index)
    return <div className="skeleton" style={{ height: 420 }} aria-busy />
  return (
    <>
      <WordsCard neuron={neuron} />
      {neuron.moments.length > 0 && (
        <section className="card pad" aria-label="Prompts that move it most">
          <Moments moments={neuron.moments.slice(0, 6)} layer={layer} />
        </section>
      )}
    </>
  )
}

export function ItemFacts({ item }: ItemFactsProps) {
  const { kind, modelId, layer, index, path, title } = item.anchor
  const neuron = kind === 'NEURON' && modelId && layer !== null && index !== null
  return (
    <div className="item-facts">
      <h2>
        <Link href={path} prefetch={false} target="_blank" data-testid="queue-item">
          {title}
        </Link>
      </h2>
      {item.note && <p className="muted">{item.note}</p>}
      {neuron ? (
        <NeuronFacts modelId={modelId} layer={layer as number} index={index as number} />
      ) : (
        <p>
          <Link className="button small" href={path} prefetch={false} target="_blank">
            Open it in a new tab
          </Link>
        </p>
      )}
    </div>
  )
}
