// The neurons whose key or value points the same way.
import Link from 'next/link'
import { neuronAddress } from '../neuron-address'
import type { NeuronFacts } from './words-card'

type Near = NeuronFacts['nearest'][number]

function NearList({
  title,
  near,
  modelId,
}: {
  readonly title: string
  readonly near: readonly Near[]
  readonly modelId: string
}) {
  return (
    <div>
      <h3>{title}</h3>
      {near.length === 0 && <p className="faint">not computed yet</p>}
      <ol className="near">
        {near.map(({ layer, index, cosine, label }) => (
          <li key={`${layer}/${index}`}>
            <Link href={neuronAddress(modelId, layer, index)} prefetch={false}>
              {layer}/{index}
            </Link>
            <span className="near-label" title={label ?? undefined}>
              {label}
            </span>
            <span className="near-bar" aria-hidden>
              <i
                data-side={cosine < 0 ? 'down' : 'up'}
                style={{ width: `${(Math.abs(cosine) * 100).toFixed(1)}%` }}
              />
            </span>
            <u className="tabular">{cosine.toFixed(2)}</u>
          </li>
        ))}
      </ol>
    </div>
  )
}

export function NearCard({ neuron }: { readonly neuron: NeuronFacts }) {
  return (
    <section className="card pad" aria-labelledby="near-title" data-testid="neuron-near">
      <h2 id="near-title" className="neuron-head-line">
        Nearest neurons <small className="muted">cosine</small>
      </h2>
      <div className="two">
        <NearList
          title="Lit by the same"
          near={neuron.nearest.filter(({ by }) => by === 'KEY')}
          modelId={neuron.modelId}
        />
        <NearList
          title="Writes the same"
          near={neuron.nearest.filter(({ by }) => by === 'VALUE')}
          modelId={neuron.modelId}
        />
      </div>
    </section>
  )
}
