// What lights a neuron and what it writes, in words: both ends of its key (and gate) and of its value.
import { useState } from 'react'
import { Segmented } from '../../../components/segmented'
import type { NeuronQuery } from '../../../graphql/generated/graphql'
import { WordBars } from './word-bars'

export type NeuronFacts = NonNullable<NeuronQuery['neuron']>

type Words = Pick<
  NeuronFacts,
  'gated' | 'key' | 'keyBottom' | 'gateKey' | 'gateKeyBottom' | 'value' | 'valueBottom'
>

const KEYS = [
  { value: 'key', label: 'mlp.up', title: 'The column that the neuron is lit by' },
  { value: 'gate', label: 'mlp.gate', title: 'The column that opens its gate' },
] as const

export function WordsCard({ neuron }: { readonly neuron: Words }) {
  const [side, setSide] = useState<'key' | 'gate'>('key')
  const gate = side === 'gate'
  return (
    <div className="neuron-words">
      <section className="card pad" aria-labelledby="key-title">
        <div className="bar neuron-head-line">
          <h2 id="key-title" className="grow">
            What lights it
          </h2>
          {neuron.gated ? (
            <Segmented label="Key" value={side} segments={KEYS} onChange={setSide} />
          ) : (
            <span className="muted mono">mlp.up</span>
          )}
        </div>
        <div className="two" data-testid="neuron-key">
          <WordBars
            title={gate ? 'Opens the gate' : 'Lights it'}
            words={(gate ? neuron.gateKey : neuron.key) ?? []}
            tone="written"
          />
          <WordBars
            title={gate ? 'Closes the gate' : 'Dims it'}
            words={(gate ? neuron.gateKeyBottom : neuron.keyBottom) ?? []}
            tone="removed"
          />
        </div>
      </section>
      <section className="card pad" aria-labelledby="value-title">
        <div className="bar neuron-head-line">
          <h2 id="value-title" className="grow">
            What it writes when lit
          </h2>
          <span className="muted mono">mlp.down</span>
        </div>
        <div className="two" data-testid="neuron-value">
          <WordBars title="Makes likelier" words={neuron.value} tone="written" />
          <WordBars title="Makes less likely" words={neuron.valueBottom} tone="removed" />
        </div>
      </section>
    </div>
  )
}
