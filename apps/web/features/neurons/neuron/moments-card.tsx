// The card of moments: by activation or by gradient, or why there are none.
import { Segmented } from '../../../components/segmented'
import { layerAddress } from '../neuron-address'
import { Spark } from '../spark'
import { showNumber } from '../../lens/numbers'
import { Moments } from './moments'
import type { NeuronFacts } from './words-card'

export type MomentOrder = 'activation' | 'gradient'

const ORDERS = [
  { value: 'activation', label: 'activation' },
  { value: 'gradient', label: 'gradient' },
] as const

interface MomentsCardProps {
  readonly neuron: NeuronFacts
  readonly order: MomentOrder
  readonly onOrder: (order: MomentOrder) => void
}

function Sizes({ neuron }: Pick<MomentsCardProps, 'neuron'>) {
  const { spark, sparkStart, sparkWidth } = neuron
  const end = (sparkStart ?? 0) + (sparkWidth ?? 0) * spark.length
  return (
    <div className="moment-sizes">
      <figure>
        <Spark bins={spark} width={168} height={44} />
        <figcaption className="tabular">
          <span>{showNumber(sparkStart)}</span>
          <span>{showNumber(sparkStart === null ? null : end)}</span>
        </figcaption>
      </figure>
      <dl>
        <div>
          <dt>Largest activation</dt>
          <dd>{showNumber(neuron.maxActivation)}</dd>
        </div>
        <div>
          <dt>Mean activation</dt>
          <dd>{showNumber(neuron.meanActivation)}</dd>
        </div>
        <div>
          <dt>Largest gradient</dt>
          <dd>{showNumber(neuron.maxCoefficient)}</dd>
        </div>
      </dl>
    </div>
  )
}

export function MomentsCard({ neuron, order, onOrder }: MomentsCardProps) {
  const none = neuron.moments.length === 0
  return (
    <section className="card pad" aria-labelledby="moments-title" data-testid="neuron-moments">
      <div className="bar neuron-head-line">
        <h2 id="moments-title" className="grow">
          Prompts that move it most
        </h2>
        {!none && <Segmented label="Order" value={order} segments={ORDERS} onChange={onOrder} />}
      </div>
      {none ? (
        <p className="muted">
          {neuron.survey
            ? 'No stored run is in the survey of this layer.'
            : 'This layer has not been surveyed.'}{' '}
          <a className="link" href={layerAddress(neuron.modelId, neuron.layer)}>
            Survey layer {neuron.layer}
          </a>
        </p>
      ) : (
        <>
          <Sizes neuron={neuron} />
          <Moments moments={neuron.moments} layer={neuron.layer} />
          <p className="legend-line muted">
            Activation is x at the neuron, gradient its entry of δ; colours run from{' '}
            <span className="signed" data-side="down">
              below zero
            </span>{' '}
            to{' '}
            <span className="signed" data-side="up">
              above zero
            </span>
            .
          </p>
        </>
      )}
    </section>
  )
}
