// Tables of papers that can be repeated: one press fills in their protocol, methods and settings.
import type { EvaluationPresetsQuery } from '../../../graphql/generated/graphql'
import { showCount } from '../../lens/numbers'
import type { Values } from '../../edits/lab/hyperparameter-model'
import type { MethodGroup } from './arms'
import type { Wizard } from './use-wizard'

type Preset = EvaluationPresetsQuery['evaluationPresets'][number]

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const presetGroups = (arms: Preset['arms']): readonly MethodGroup[] =>
  arms.map(({ name, method, hyperparameters }) => ({
    method,
    values: isValues(hyperparameters) ? hyperparameters : {},
    ...(name !== method && { name }),
  }))

export function PresetsSection({ wizard }: { readonly wizard: Wizard }) {
  const { presets, view, change } = wizard
  if (presets.length === 0) return null
  const apply = ({ name, protocol, cases, arms }: Preset) =>
    change({
      preset: name,
      protocol,
      cases: String(cases),
      groups: presetGroups(arms),
      texts: protocol === 'backward-lens' || view.texts,
    })
  return (
    <section className="wizard-presets" aria-label="Tables of papers">
      {presets.map((preset) => {
        const on = view.preset === preset.name
        return (
          <div key={preset.name} className="card pad wizard-preset" data-on={on || undefined}>
            <h2>{preset.title}</h2>
            <p className="muted" title={preset.description}>
              {preset.description}
            </p>
            <p className="muted">
              {showCount(preset.cases)} cases · {preset.source}
            </p>
            <button
              type="button"
              className="button small"
              aria-pressed={on}
              data-testid={`preset-${preset.name}`}
              onClick={() => apply(preset)}
            >
              {on ? 'Filled in' : 'Reproduce'}
            </button>
          </div>
        )
      })}
    </section>
  )
}
