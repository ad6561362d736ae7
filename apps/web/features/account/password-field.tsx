'use client'
// A password: can be shown while it is typed; one that is chosen now is told how strong it is.
import { useId, useState, type RefObject } from 'react'
import type { AccountField } from './account-field'
import { SHORTEST_PASSWORD, strengthOf } from './password-strength'

/** Name, e-mail and its first part: words a password should not hold. */
function toldWords(form: HTMLFormElement | null): readonly string[] {
  const open = [...(form?.querySelectorAll('input') ?? [])].filter(
    ({ name }) => name === 'name' || name === 'email',
  )
  return open.flatMap(({ value }) => value.split(/[\s@.]+/))
}

function Meter({
  password,
  told,
}: {
  readonly password: string
  readonly told: readonly string[]
}) {
  const { level, words } = strengthOf(password, told)
  return (
    <span className="strength" data-level={password === '' ? undefined : level} aria-live="polite">
      <i aria-hidden />
      <i aria-hidden />
      <i aria-hidden />
      <i aria-hidden />
      <small>{password === '' ? `at least ${SHORTEST_PASSWORD} characters` : words}</small>
    </span>
  )
}

interface PasswordFieldProps {
  readonly field: AccountField
  readonly wrong: boolean
  readonly form: RefObject<HTMLFormElement | null>
}

export function PasswordField({ field, wrong, form }: PasswordFieldProps) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const [typed, setTyped] = useState<{ password: string; told: readonly string[] }>({
    password: '',
    told: [],
  })
  return (
    <div className="form-field">
      <label htmlFor={id}>{field.label}</label>
      <span className="password-box">
        <input
          id={id}
          className="input"
          name={field.name}
          type={shown ? 'text' : 'password'}
          data-secret
          autoComplete={field.autoComplete}
          autoCapitalize="off"
          spellCheck={false}
          required
          minLength={field.chosen ? SHORTEST_PASSWORD : undefined}
          maxLength={256}
          aria-invalid={wrong || undefined}
          onInput={(event) =>
            setTyped({ password: event.currentTarget.value, told: toldWords(form.current) })
          }
        />
        <button
          type="button"
          className="link"
          aria-pressed={shown}
          aria-label={`Show ${field.label.toLowerCase()}`}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      </span>
      {field.chosen && <Meter {...typed} />}
    </div>
  )
}
