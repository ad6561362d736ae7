// Which models: every method runs on each of them.
import { toggle } from '../../datasets/browse/browse-view'
import { Section } from './section'
import type { Wizard } from './use-wizard'

export function ModelSection({ wizard }: { readonly wizard: Wizard }) {
  const { choices, resolved, change, missing } = wizard
  const chosen = resolved.models.map(({ id }) => id)
  return (
    <Section
      name="models"
      title="Models"
      missing={missing}
      note={chosen.length > 1 ? 'every method runs on each' : undefined}
    >
      <fieldset className="wizard-models">
        <legend className="hidden-text">Models</legend>
        {choices.models.map(({ id, name, layers, available, hasTokenizer, unavailableReason }) => {
          const refused = !available
            ? (unavailableReason ?? 'not available')
            : hasTokenizer
              ? null
              : 'it has no tokenizer'
          return (
            <label key={id} className="check" title={refused ?? undefined}>
              <input
                type="checkbox"
                checked={chosen.includes(id)}
                disabled={refused !== null && !chosen.includes(id)}
                onChange={() => change({ models: toggle(chosen, id) })}
              />
              <span>{name}</span>
              <small className="muted">{refused ?? `${layers} layers`}</small>
            </label>
          )
        })}
      </fieldset>
    </Section>
  )
}
