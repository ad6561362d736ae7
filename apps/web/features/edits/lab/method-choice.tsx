'use client'
// Which method: each with what it does and needs, and how long it took here.
import type { EditMethodsQuery } from '../../../graphql/generated/graphql'
import { showDuration } from '../../lens/numbers'
import { NEEDS, PROVENANCE } from '../edit-words'

export type MethodFacts = EditMethodsQuery['editMethods'][number]

interface MethodChoiceProps {
  readonly methods: readonly MethodFacts[]
  readonly chosen: string
  readonly onChoose: (method: string) => void
}

function MethodText({ method }: { readonly method: MethodFacts }) {
  const provenance = PROVENANCE[method.provenance]
  return (
    <div className="method-text">
      <p>{method.description}</p>
      <p className="muted">
        Source: {method.source}
        {method.needs.length > 0 && (
          <> Needs: {method.needs.map((need) => NEEDS[need]).join(', ')}.</>
        )}
      </p>
      <p className="muted">
        Defaults:{' '}
        <span className="badge" title={provenance.meaning}>
          {provenance.label}
        </span>{' '}
        {method.defaultsSource}
      </p>
    </div>
  )
}

export function MethodChoice({ methods, chosen, onChoose }: MethodChoiceProps) {
  const method = methods.find(({ name }) => name === chosen)
  return (
    <>
      <fieldset className="method-list">
        <legend className="hidden-text">Method</legend>
        {methods.map(({ name, title, typicalSeconds }) => (
          <label key={name} data-on={name === chosen || undefined}>
            <input
              type="radio"
              name="method"
              value={name}
              checked={name === chosen}
              onChange={() => onChoose(name)}
            />
            <span className="mono">{name}</span>
            <span className="muted method-title">{title}</span>
            <span
              className="faint tabular"
              title="Half of the edits of this method on this model took less"
            >
              {typicalSeconds === null ? '' : showDuration(typicalSeconds)}
            </span>
          </label>
        ))}
      </fieldset>
      {method && <MethodText method={method} />}
    </>
  )
}
