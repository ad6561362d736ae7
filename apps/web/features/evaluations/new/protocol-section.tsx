// How the cases are scored: only protocols that the data set can fill, the others with the reason.
import { Section } from './section'
import type { Wizard } from './use-wizard'
import { unfitReason } from './wizard-model'

export function ProtocolSection({ wizard }: { readonly wizard: Wizard }) {
  const { choices, resolved, change, missing } = wizard
  const { slice, protocol } = resolved
  return (
    <Section name="protocol" title="Protocol" missing={missing} note="how an edit is scored">
      <fieldset className="wizard-protocols">
        <legend className="hidden-text">Protocol</legend>
        {choices.protocols.map(({ name, title, description }) => {
          const reason = slice ? unfitReason(name, slice.dataset) : null
          return (
            <label
              key={name}
              data-on={name === protocol || undefined}
              data-refused={reason ? '' : undefined}
            >
              <input
                type="radio"
                name="protocol"
                value={name}
                checked={name === protocol}
                disabled={reason !== null}
                onChange={() => change({ protocol: name })}
              />
              <span>
                <b>{title}</b>
                <small className="muted">{reason ?? description}</small>
              </span>
            </label>
          )
        })}
      </fieldset>
    </Section>
  )
}
