'use client'
// Which neuron it is, its label and sizes, and the way to its neighbours.
import Link from 'next/link'
import { AddToCollection } from '../../collections/add-to-collection'
import { CopyLink } from '../../annotations/copy-link'
import { showNumber } from '../../lens/numbers'
import { Token } from '../../lens/token'
import { layerAddress, neuronAddress } from '../neuron-address'
import type { NeuronFacts } from './words-card'

function Step({
  to,
  label,
  mark,
  testid,
}: {
  readonly to: string | null
  readonly label: string
  readonly mark: string
  readonly testid: string
}) {
  if (!to)
    return (
      <span className="button small" aria-disabled>
        {mark}
      </span>
    )
  return (
    <Link
      className="button small"
      href={to}
      aria-label={label}
      title={label}
      prefetch={false}
      data-testid={testid}
    >
      {mark}
    </Link>
  )
}

function Facts({ neuron }: { readonly neuron: NeuronFacts }) {
  return (
    <p className="neuron-facts">
      {neuron.keyWord !== null && (
        <span>
          lit by <Token text={neuron.keyWord} />
        </span>
      )}
      {neuron.valueWord !== null && (
        <span>
          writes <Token text={neuron.valueWord} />
        </span>
      )}
      <span className="muted">
        ‖key‖ <b className="tabular">{showNumber(neuron.keyNorm)}</b>
      </span>
      <span className="muted">
        ‖value‖ <b className="tabular">{showNumber(neuron.valueNorm)}</b>
      </span>
    </p>
  )
}

interface NeuronHeaderProps {
  readonly neuron: NeuronFacts
  readonly modelName: string
  readonly previous: string | null
  readonly next: string | null
}

export function NeuronHeader({ neuron, modelName, previous, next }: NeuronHeaderProps) {
  const { modelId, layer, index } = neuron
  return (
    <header className="neuron-header">
      <div className="bar">
        <h1>
          <Link href={layerAddress(modelId, layer)} prefetch={false} className="muted">
            {modelName} / layer {layer} /
          </Link>{' '}
          <span data-testid="neuron-title">neuron {index}</span>
        </h1>
        {neuron.label && (
          <span className="badge accent" data-testid="neuron-label">
            {neuron.label}
          </span>
        )}
        <span className="grow" />
        <Step to={previous} label="Previous neuron (left)" mark="←" testid="neuron-previous" />
        <Step to={next} label="Next neuron (right)" mark="→" testid="neuron-next" />
        <CopyLink key={neuronAddress(modelId, layer, index)} />
      </div>
      <div className="bar">
        <Facts neuron={neuron} />
        <span className="grow" />
        <AddToCollection anchors={[{ kind: 'NEURON', modelId, layer, index }]} />
      </div>
    </header>
  )
}
