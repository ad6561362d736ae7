// One neuron as a row: its words, sizes, activations, and what people say of it.
import Link from 'next/link'
import type { NeuronRowPartsFragment } from '../../../graphql/generated/graphql'
import { showNumber } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'
import { neuronAddress } from '../neuron-address'
import { Spark } from '../spark'

export const ROW = 32

interface RowProps {
  readonly modelId: string
  readonly place: number
  readonly start: number
  readonly neuron: NeuronRowPartsFragment | null
  readonly active: boolean
  readonly chosen: boolean
  readonly onActive: (place: number) => void
  readonly onChoose: (index: number) => void
}

function Word({ text }: { readonly text: string | null | undefined }) {
  return (
    <span role="cell" className="mono" title={text ?? undefined}>
      {text === null || text === undefined ? <i className="faint">–</i> : showToken(text)}
    </span>
  )
}

function Numbers({ values }: { readonly values: ReadonlyArray<number | null | undefined> }) {
  return values.map((value, place) => (
    <span key={place} role="cell" className="number">
      {value === null || value === undefined ? <i className="faint">–</i> : showNumber(value)}
    </span>
  ))
}

function Cells({
  modelId,
  neuron,
}: {
  readonly modelId: string
  readonly neuron: NeuronRowPartsFragment
}) {
  return (
    <>
      <span role="cell" className="number">
        <Link
          href={neuronAddress(modelId, neuron.layer, neuron.index)}
          prefetch={false}
          tabIndex={-1}
        >
          {neuron.index}
        </Link>
      </span>
      <Word text={neuron.keyWord} />
      <Word text={neuron.valueWord} />
      <Numbers
        values={[
          neuron.keyNorm,
          neuron.valueNorm,
          neuron.maxActivation,
          neuron.meanActivation,
          neuron.maxCoefficient,
        ]}
      />
      <span role="cell">
        <Spark bins={neuron.spark} />
      </span>
      <Numbers values={[neuron.editNorm || null]} />
      <span role="cell" className="number">
        {neuron.annotationCount > 0 ? neuron.annotationCount : <i className="faint">–</i>}
      </span>
      <span role="cell" className="accent" title={neuron.label ?? undefined}>
        {neuron.label ?? ''}
      </span>
    </>
  )
}

export function NeuronTableRow(props: RowProps) {
  const { place, start, neuron, active, chosen, onActive, onChoose, modelId } = props
  return (
    <div
      role="row"
      id={`neuron-${place}`}
      className="neuron-row"
      data-testid={neuron ? 'neuron-row' : undefined}
      data-active={active || undefined}
      data-chosen={chosen || undefined}
      aria-rowindex={place + 2}
      style={{ transform: `translateY(${start}px)`, height: ROW }}
      onClick={() => onActive(place)}
    >
      {neuron ? (
        <>
          <span role="cell">
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={`Choose neuron ${neuron.index}`}
              checked={chosen}
              onChange={() => onChoose(neuron.index)}
            />
          </span>
          <Cells modelId={modelId} neuron={neuron} />
        </>
      ) : (
        <span role="cell" className="skeleton neuron-wait" />
      )}
    </div>
  )
}
