'use client'
// Ablate or scale the neuron, and read a prompt under it.
import { useId, useState, type FormEvent } from 'react'
import { Refused } from '../../annotations/refused'
import { useTalker } from '../../comments/use-talker'
import { factorOf, factorWord, LEAST_FACTOR, MOST_FACTOR } from './scale-model'
import { useScaling } from './use-scaling'
import type { NeuronFacts } from './words-card'

const STAGES = { asking: 'Making the edit', computing: 'Computing', opening: 'Opening the lens' }

const QUICK: ReadonlyArray<readonly [label: string, factor: string]> = [
  ['Ablate', '0'],
  ['Half', '0.5'],
  ['Double', '2'],
  ['Turn round', '-1'],
]

function FactorField({
  id,
  value,
  onChange,
}: {
  readonly id: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const factor = factorOf(value)
  return (
    <>
      <label htmlFor={id}>Factor</label>
      <div className="bar">
        <input
          id={id}
          className="input factor"
          inputMode="decimal"
          value={value}
          data-testid="scale-factor"
          aria-invalid={factor === null || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        {QUICK.map(([label, quick]) => (
          <button
            key={label}
            type="button"
            className="chip"
            aria-pressed={value === quick}
            onClick={() => onChange(quick)}
          >
            {label}
          </button>
        ))}
      </div>
      <p className="muted">
        {factor === null ? `A number from ${LEAST_FACTOR} to ${MOST_FACTOR}.` : factorWord(factor)}
      </p>
    </>
  )
}

interface WordFieldProps {
  readonly id: string
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly testId: string
  readonly onChange: (value: string) => void
}

function WordField({ id, label, placeholder, value, testId, onChange }: WordFieldProps) {
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input mono"
        value={value}
        placeholder={placeholder}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  )
}

/** The prompt that moves it most stands in the form to begin with. */
const firstPrompt = (neuron: NeuronFacts): string => neuron.moments[0]?.prompt ?? ''

export function ScaleForm({ neuron }: { readonly neuron: NeuronFacts }) {
  const talker = useTalker()
  const id = useId()
  const [factor, setFactor] = useState('0')
  const [prompt, setPrompt] = useState(() => firstPrompt(neuron))
  const [target, setTarget] = useState(() => neuron.moments[0]?.run?.targetText?.trim() ?? '')
  const { stage, complaint, scale } = useScaling()
  const value = factorOf(factor)
  const ready = value !== null && value !== 1 && prompt.trim() !== '' && target.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready || stage !== null) return
    const place = { modelId: neuron.modelId, layer: neuron.layer, index: neuron.index }
    void scale({ ...place, factor: value, prompt, target }, { text: prompt, target })
  }
  return (
    <section className="card pad" aria-labelledby="scale-title">
      <h2 id="scale-title" className="neuron-head-line">
        Ablate or scale it
      </h2>
      {talker.known && !talker.may('COMPUTE') ? (
        <p className="muted">You may read here; making an edit needs the role of a researcher.</p>
      ) : (
        <form className="scale-form" data-testid="scale-form" onSubmit={submit}>
          <FactorField id={`${id}factor`} value={factor} onChange={setFactor} />
          <WordField
            id={`${id}prompt`}
            label="Prompt to read under it"
            placeholder="The capital of France is"
            value={prompt}
            testId="scale-prompt"
            onChange={setPrompt}
          />
          <WordField
            id={`${id}target`}
            label="Target of the gradient"
            placeholder="Berlin"
            value={target}
            testId="scale-target"
            onChange={setTarget}
          />
          <Refused title="It was not scaled" complaint={complaint} />
          <div className="bar">
            <button
              type="submit"
              className="button primary"
              disabled={!ready || stage !== null}
              data-testid="scale-submit"
            >
              {stage ? STAGES[stage] : 'Make the edit and open the lens'}
            </button>
          </div>
        </form>
      )}
    </section>
  )
}
