'use client'
// The hyperparameters of the chosen method: meaning, default, what papers used, and what is wrong before anything is sent.
import { useId, useState } from 'react'
import type { HyperparameterKind, MatrixName } from '../../../graphql/generated/graphql'
import { matrixFacts } from '../../lens/matrix-names'
import {
  isChanged,
  problemOf,
  readValue,
  showValue,
  valueOf,
  withValue,
  type Values,
} from './hyperparameter-model'
import type { MethodFacts } from './method-choice'

type Fact = MethodFacts['hyperparameters'][number]

export interface ModelShape {
  readonly layers: number
  readonly matrices: readonly MatrixName[]
}

/** How values are typed and shown: one at a time, or several to try one after the other. */
export interface ValueForm {
  readonly read: typeof readValue
  readonly show: typeof showValue
  readonly problem: typeof problemOf
  /** Kinds that are typed although they could be chosen from a list. */
  readonly typed: ReadonlySet<HyperparameterKind>
}

const ONE_VALUE: ValueForm = {
  read: readValue,
  show: showValue,
  problem: problemOf,
  typed: new Set(),
}

interface FieldProps {
  readonly id: string
  readonly fact: Fact
  readonly form: ValueForm
  readonly value: unknown
  readonly model: ModelShape
  readonly wrong: boolean
  readonly onChange: (value: unknown) => void
}

function TextField({ id, fact, form, value, wrong, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed !== null && sameValue(form.read(fact.kind, typed), value) ? typed : null
  const words = fact.kind === 'LAYERS' || form.typed.has(fact.kind)
  return (
    <input
      id={id}
      className="input tabular"
      inputMode={words ? 'text' : 'decimal'}
      value={shown ?? form.show(value)}
      placeholder={fact.optional ? 'none' : ''}
      aria-invalid={wrong || undefined}
      aria-describedby={`${id}-text`}
      onChange={(event) => {
        setTyped(event.target.value)
        onChange(form.read(fact.kind, event.target.value))
      }}
    />
  )
}

const sameValue = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b ?? null)

function LayerField({ id, value, model, onChange }: FieldProps) {
  return (
    <select
      id={id}
      className="input"
      value={typeof value === 'number' ? value : ''}
      aria-describedby={`${id}-text`}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {typeof value !== 'number' && <option value="">the model decides</option>}
      {Array.from({ length: model.layers }, (_, layer) => (
        <option key={layer} value={layer}>
          {layer}
        </option>
      ))}
    </select>
  )
}

function ChoiceField({ id, fact, value, onChange }: FieldProps) {
  return (
    <select
      id={id}
      className="input"
      value={String(value)}
      aria-describedby={`${id}-text`}
      onChange={(event) => onChange(event.target.value)}
    >
      {fact.choices.map((choice) => (
        <option key={choice.value} value={choice.value} title={choice.explanation}>
          {choice.value}
        </option>
      ))}
    </select>
  )
}

function BooleanField({ id, value, onChange }: FieldProps) {
  return (
    <select
      id={id}
      className="input"
      value={String(value === true)}
      aria-describedby={`${id}-text`}
      onChange={(event) => onChange(event.target.value === 'true')}
    >
      <option value="true">yes</option>
      <option value="false">no</option>
    </select>
  )
}

function MatricesField({ id, fact, value, model, onChange }: FieldProps) {
  const chosen = Array.isArray(value) ? (value as string[]) : []
  const names = model.matrices.map((name) => matrixFacts(name).label)
  return (
    <fieldset className="matrices" aria-describedby={`${id}-text`} id={id}>
      <legend className="hidden-text">{fact.title}</legend>
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={() =>
              onChange(names.filter((other) => chosen.includes(other) !== (other === name)))
            }
          />
          <span className="mono">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}

const FIELDS: Readonly<Record<Fact['kind'], (props: FieldProps) => React.ReactNode>> = {
  NUMBER: TextField,
  INTEGER: TextField,
  LAYERS: TextField,
  LAYER: LayerField,
  CHOICE: ChoiceField,
  BOOLEAN: BooleanField,
  MATRICES: MatricesField,
}

function Literature({ fact }: { readonly fact: Fact }) {
  if (!fact.literature && fact.published.length === 0) return null
  return (
    <details className="literature">
      <summary>What papers used</summary>
      {fact.literature && <p>{fact.literature}</p>}
      {fact.published.length > 0 && (
        <table>
          <tbody>
            {fact.published.map(({ model, value, source }) => (
              <tr key={model}>
                <th scope="row">{model}</th>
                <td className="mono">{showValue(value) || 'none'}</td>
                <td className="muted">{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}

interface RowProps {
  readonly fact: Fact
  readonly values: Values
  readonly model: ModelShape
  readonly form: ValueForm
  readonly onChange: (values: Values) => void
}

function Row({ fact, values, model, form, onChange }: RowProps) {
  const id = useId()
  const problem = form.problem(fact, values, model.layers)
  const value = valueOf(fact, values)
  const Field = form.typed.has(fact.kind) ? TextField : FIELDS[fact.kind]
  const meaning = fact.choices.find((choice) => choice.value === value)?.explanation
  return (
    <li className="hyper" data-wrong={problem ? '' : undefined}>
      <label htmlFor={id}>
        {fact.title}
        {fact.unit && <small className="muted"> {fact.unit}</small>}
      </label>
      <span className="hyper-field">
        <Field
          id={id}
          fact={fact}
          form={form}
          value={value}
          model={model}
          wrong={problem !== null}
          onChange={(next) => onChange(withValue(values, fact, next))}
        />
        {isChanged(fact, values) && (
          <button
            type="button"
            className="link"
            aria-label={`Reset ${fact.title} to ${showValue(fact.default) || 'none'}`}
            onClick={() => onChange(withValue(values, fact, fact.default))}
          >
            reset to {showValue(fact.default) || 'none'}
          </button>
        )}
      </span>
      <div id={`${id}-text`} className="hyper-text">
        {problem && <p className="wrong">{problem}</p>}
        <p>
          {fact.explanation}
          {meaning && <> Now: {meaning}.</>}
        </p>
      </div>
      <Literature fact={fact} />
    </li>
  )
}

interface HyperparameterFieldsProps {
  readonly facts: readonly Fact[]
  readonly values: Values
  readonly model: ModelShape
  readonly form?: ValueForm
  readonly onChange: (values: Values) => void
}

export function HyperparameterFields({
  facts,
  values,
  model,
  form = ONE_VALUE,
  onChange,
}: HyperparameterFieldsProps) {
  const changed = facts.filter((fact) => isChanged(fact, values)).length
  if (facts.length === 0) return <p className="muted">This method has no hyperparameters.</p>
  return (
    <>
      <div className="bar hyper-head">
        <h3 className="grow">Hyperparameters</h3>
        {changed > 0 && (
          <button type="button" className="link" onClick={() => onChange({})}>
            Reset all {changed}
          </button>
        )}
      </div>
      <ul className="hypers">
        {facts.map((fact) => (
          <Row
            key={fact.name}
            fact={fact}
            values={values}
            model={model}
            form={form}
            onChange={onChange}
          />
        ))}
      </ul>
    </>
  )
}
