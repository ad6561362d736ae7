'use client'
// Which methods, each with its hyperparameters; several values of one become several arms.
import { useState } from 'react'
import type { HyperparameterKind } from '../../../graphql/generated/graphql'
import { NEEDS, PROVENANCE } from '../../edits/edit-words'
import { HyperparameterFields, type ValueForm } from '../../edits/lab/hyperparameter-fields'
import type { Values } from '../../edits/lab/hyperparameter-model'
import type { MethodFacts } from '../../edits/lab/method-choice'
import { showDuration } from '../../lens/numbers'
import { countArms, readSwept, showSwept, sweptProblem, type MethodGroup } from './arms'
import { Section } from './section'
import type { Wizard } from './use-wizard'
import { groupProblem, type WizardModel } from './wizard-model'

const SWEPT_KINDS: ReadonlySet<HyperparameterKind> = new Set([
  'NUMBER',
  'INTEGER',
  'LAYER',
  'LAYERS',
])

const SWEPT: ValueForm = {
  read: readSwept,
  show: showSwept,
  problem: sweptProblem,
  typed: SWEPT_KINDS,
}

function sayChanges({ values, name, model }: MethodGroup, models: readonly WizardModel[]): string {
  const parts = Object.entries(values).map(([key, value]) => `${key} ${showSwept(value) || 'none'}`)
  const on = model ? models.find(({ id }) => id === model)?.name : undefined
  const said = parts.length > 0 ? parts.join(', ') : 'defaults'
  return [name, said, on && `on ${on}`].filter(Boolean).join(': ')
}

interface GroupProps {
  readonly group: MethodGroup
  readonly method: MethodFacts
  readonly models: readonly WizardModel[]
  readonly several: boolean
  readonly onChange: (group: MethodGroup) => void
  readonly onRemove: () => void
}

/** A name that was made from other values says nothing true any more. */
const withValues = ({ method, model }: MethodGroup, values: Values): MethodGroup => ({
  method,
  values,
  ...(model !== undefined && { model }),
})

const shallowest = (models: readonly WizardModel[]): number =>
  Math.min(...models.map((model) => model.layers))

/** One setting of a method in words. */
function GroupLine({ group, method, models, several, onRemove }: Omit<GroupProps, 'onChange'>) {
  const arms = countArms([group], models)
  const problem = groupProblem(group, [method], shallowest(models))
  const plain = Object.keys(group.values).length === 0 && !group.name && !group.model
  if (plain && !several && !problem) return null
  return (
    <p className="wizard-group-line" data-testid={`group-${method.name}`}>
      <span className="muted">{sayChanges(group, models)}</span>
      {arms > 1 && <span className="badge">{arms} arms</span>}
      {problem && <span className="wrong">{problem}</span>}
      {several && (
        <button
          type="button"
          className="link"
          aria-label={`Remove this setting of ${method.name}`}
          onClick={onRemove}
        >
          remove
        </button>
      )}
    </p>
  )
}

function GroupFields({
  group,
  method,
  models,
  onChange,
}: Omit<GroupProps, 'several' | 'onRemove'>) {
  const shape = models[0]
  if (!shape) return null
  return (
    <HyperparameterFields
      facts={method.hyperparameters}
      values={group.values}
      model={{ layers: shallowest(models), matrices: shape.matrices }}
      form={SWEPT}
      onChange={(values) => onChange(withValues(group, values))}
    />
  )
}

function MethodText({ method }: { readonly method: MethodFacts }) {
  return (
    <p>
      {method.description}{' '}
      <span className="muted">
        {method.source}
        {method.needs.length > 0 && (
          <> Needs: {method.needs.map((need) => NEEDS[need]).join(', ')}.</>
        )}{' '}
        Defaults: {PROVENANCE[method.provenance].label}, {method.defaultsSource}
      </span>
    </p>
  )
}

function SweepHelp({ models }: { readonly models: readonly WizardModel[] }) {
  return (
    <p className="muted">
      Several values make several arms: <span className="mono">2, 3, 4</span> or{' '}
      <span className="mono">2..5</span>; lists of layers apart by semicolons.
      {models.length > 1 && ` Defaults are those of ${models[0]?.name}; each model has its own.`}
    </p>
  )
}

interface MethodRowProps {
  readonly method: MethodFacts
  readonly groups: readonly MethodGroup[]
  readonly models: readonly WizardModel[]
  readonly onChange: (groups: readonly MethodGroup[]) => void
}

interface OwnProps extends Omit<MethodRowProps, 'groups'> {
  readonly own: readonly MethodGroup[]
}

/** The settings of a method, opened; `onChange` takes its own groups. */
function MethodSettings({ method, own, models, onChange }: OwnProps) {
  const replace = (at: number, next: MethodGroup) =>
    onChange(own.map((group, index) => (index === at ? next : group)))
  return (
    <div className="wizard-group-body">
      <MethodText method={method} />
      {method.hyperparameters.length > 0 && <SweepHelp models={models} />}
      {own.map((group, index) => (
        <GroupFields
          key={index}
          group={group}
          method={method}
          models={models}
          onChange={(next) => replace(index, next)}
        />
      ))}
      {method.hyperparameters.length > 0 && (
        <button
          type="button"
          className="link wizard-another"
          onClick={() => onChange([...own, { method: method.name, values: {} }])}
        >
          Another setting of {method.name}
        </button>
      )}
    </div>
  )
}

/** `groups`: those of all methods; the row changes its own. */
function MethodRow({ method, groups, models, onChange }: MethodRowProps) {
  const [open, setOpen] = useState(false)
  const own = groups.filter(({ method: name }) => name === method.name)
  const on = own.length > 0
  const setOwn = (next: readonly MethodGroup[]) => {
    const first = groups.findIndex(({ method: name }) => name === method.name)
    const others = groups.filter(({ method: name }) => name !== method.name)
    const at = first === -1 ? others.length : first
    onChange([...others.slice(0, at), ...next, ...others.slice(at)])
  }
  return (
    <li className="wizard-method" data-on={on || undefined}>
      <div className="wizard-method-head">
        <label>
          <input
            type="checkbox"
            checked={on}
            onChange={() => setOwn(on ? [] : [{ method: method.name, values: {} }])}
            data-testid={`method-${method.name}`}
          />
          <span className="mono">{method.name}</span>
          <span className="muted method-title">{method.title}</span>
        </label>
        <span className="faint tabular" title="Half of its edits on this model took less">
          {method.typicalSeconds === null ? '' : showDuration(method.typicalSeconds)}
        </span>
        <button
          type="button"
          className="link"
          aria-expanded={on && open}
          aria-label={`Settings of ${method.name}`}
          disabled={!on}
          onClick={() => setOpen(!open)}
          data-testid={`settings-${method.name}`}
        >
          {on && open ? 'Close' : 'Settings'}
        </button>
      </div>
      {own.map((group, index) => (
        <GroupLine
          key={index}
          group={group}
          method={method}
          models={models}
          several={own.length > 1}
          onRemove={() => setOwn(own.filter((_, at) => at !== index))}
        />
      ))}
      {on && open && <MethodSettings method={method} own={own} models={models} onChange={setOwn} />}
    </li>
  )
}

export function MethodSection({ wizard }: { readonly wizard: Wizard }) {
  const { choices, resolved, change, missing, ready } = wizard
  const { groups, models } = resolved
  const all = choices.methods.map(({ name }) => ({ method: name, values: {} }))
  // A preset is a set of arms: changed, it is that no more.
  const set = (next: readonly MethodGroup[]) => change({ groups: next, preset: null })
  return (
    <Section
      name="methods"
      title="Methods"
      missing={missing}
      note={`${groups.length === 0 ? 'none' : groups.length} chosen`}
    >
      <div className="wizard-quick">
        <button type="button" className="link" onClick={() => set(all)}>
          All
        </button>
        <button type="button" className="link" onClick={() => set([])}>
          None
        </button>
        <button
          type="button"
          className="link"
          onClick={() => change({ groups: null, preset: null })}
        >
          All that are ready
        </button>
      </div>
      {!ready && <div className="skeleton" style={{ height: 340 }} />}
      <ul className="wizard-methods">
        {choices.methods.map((method) => (
          <MethodRow
            key={method.name}
            method={method}
            groups={groups}
            models={models}
            onChange={set}
          />
        ))}
      </ul>
    </Section>
  )
}
