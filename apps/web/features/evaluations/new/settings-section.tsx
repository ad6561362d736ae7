'use client'
// How many cases, the seed, what else is measured, and where it is computed.
import { lazy, Suspense, useState } from 'react'
import { showCount } from '../../lens/numbers'
import { Section } from './section'
import type { Wizard } from './use-wizard'
import { PRIORITIES, type WizardView } from './wizard-view'

/** Few choose a device, so its code comes when it is looked for. */
const DeviceChoice = lazy(async () => ({
  default: (await import('../../devices/device-choice')).DeviceChoice,
}))

interface PartProps {
  readonly wizard: Wizard
}

type TextField = 'cases' | 'seed' | 'threads' | 'casesPerBatch'

function NumberField({
  wizard,
  field,
  label,
  placeholder,
}: PartProps & {
  readonly field: TextField
  readonly label: string
  readonly placeholder?: string
}) {
  return (
    <label className="stacked">
      {label}
      <input
        className="input tabular"
        inputMode="numeric"
        value={wizard.view[field]}
        placeholder={placeholder}
        data-testid={`wizard-${field}`}
        onChange={(event) => wizard.change({ [field]: event.target.value } as Partial<WizardView>)}
      />
    </label>
  )
}

function Priority({ wizard }: PartProps) {
  const { priority } = wizard.view
  const known = PRIORITIES.some(([value]) => value === priority)
  return (
    <label className="stacked">
      Priority
      <select
        className="input"
        value={priority}
        onChange={(event) => wizard.change({ priority: Number(event.target.value) })}
      >
        {PRIORITIES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {!known && <option value={priority}>{priority}</option>}
      </select>
    </label>
  )
}

function Extras({ wizard }: PartProps) {
  const { view, change } = wizard
  return (
    <div className="wizard-extras">
      <label className="check">
        <input
          type="checkbox"
          checked={view.divergence}
          onChange={(event) => change({ divergence: event.target.checked })}
        />
        Divergence <small className="muted">KL to the unedited model on neighbors</small>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={view.texts}
          onChange={(event) => change({ texts: event.target.checked })}
        />
        Texts{' '}
        <small className="muted">continuations before and after, for n-gram entropy; slower</small>
      </label>
    </div>
  )
}

function More({ wizard }: PartProps) {
  const { view, change } = wizard
  const [open, setOpen] = useState(view.threads !== '' || view.provider !== 'AUTO')
  return (
    <details
      className="wizard-more"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Where it is computed, and notes</summary>
      {open && (
        <div className="wizard-more-body">
          <div className="wizard-numbers">
            <NumberField
              wizard={wizard}
              field="casesPerBatch"
              label="Cases in a batch"
              placeholder="as it fits"
            />
            <NumberField
              wizard={wizard}
              field="threads"
              label="Threads"
              placeholder="as the worker has"
            />
          </div>
          <Suspense>
            <DeviceChoice value={view.provider} onChange={(provider) => change({ provider })} />
          </Suspense>
          <label className="stacked">
            Note
            <textarea
              className="input wizard-note"
              rows={3}
              value={view.note}
              onChange={(event) => change({ note: event.target.value })}
            />
          </label>
        </div>
      )}
    </details>
  )
}

export function SettingsSection({ wizard }: PartProps) {
  const { resolved, missing } = wizard
  const most = resolved.slice ? `all ${showCount(resolved.slice.cases)}` : 'all'
  return (
    <Section name="settings" title="How much" missing={missing}>
      <div className="wizard-numbers">
        <NumberField wizard={wizard} field="cases" label="Cases" placeholder={most} />
        <NumberField wizard={wizard} field="seed" label="Seed" />
        <Priority wizard={wizard} />
      </div>
      <Extras wizard={wizard} />
      <More wizard={wizard} />
    </Section>
  )
}
