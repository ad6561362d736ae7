'use client'
// A form that is sent once: not before the page is alive, not while an answer is awaited. What is typed survives a reload,
// but for passwords.
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { Problem } from '../../components/problem'
import { useHydrated } from '../../components/use-hydrated'
import type { Complaint } from '../edits/complaint'
import type { AccountField } from './account-field'
import { PasswordField } from './password-field'

export type Values = Readonly<Record<string, string>>

interface AccountFormProps {
  readonly label: string
  readonly fields: readonly AccountField[]
  readonly action: string
  /** null when it was done. */
  readonly onSubmit: (values: Values) => Promise<Complaint | null>
  readonly refusal?: string | null
  readonly children?: ReactNode
  readonly testId: string
}

function valuesOf(form: HTMLFormElement): Values {
  const entries = [...new FormData(form)].map(([name, value]) => [
    name,
    typeof value === 'string' ? value : '',
  ])
  return Object.fromEntries(entries) as Values
}

/** Keeps what is typed, passwords never, until the form was accepted. */
function useKept(key: string) {
  const form = useRef<HTMLFormElement>(null)
  const place = `imprint.form.${key}`
  useEffect(() => {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? '{}') as Values
    for (const field of form.current?.querySelectorAll('input') ?? []) {
      const text = kept[field.name]
      if (
        field.type !== 'password' &&
        !field.readOnly &&
        text &&
        field.value === field.defaultValue
      )
        field.value = text
    }
  }, [place])
  const keep = () => {
    const open = [...(form.current?.querySelectorAll('input') ?? [])].filter(
      ({ type, readOnly, dataset }) => type !== 'password' && !readOnly && !('secret' in dataset),
    )
    const values = Object.fromEntries(open.map(({ name, value }) => [name, value]))
    sessionStorage.setItem(place, JSON.stringify(values))
  }
  return { form, keep, forget: () => sessionStorage.removeItem(place) }
}

const fieldOf = (complaint: Complaint | null): string | undefined =>
  complaint?.field?.split('.').at(-1)

function TextField({ field, wrong }: { readonly field: AccountField; readonly wrong: boolean }) {
  const id = useId()
  return (
    <div className="form-field">
      <label htmlFor={id}>{field.label}</label>
      <input
        id={id}
        className="input"
        name={field.name}
        type={field.type}
        autoComplete={field.autoComplete}
        defaultValue={field.initial}
        readOnly={field.readOnly}
        required
        aria-invalid={wrong || undefined}
        aria-describedby={field.hint ? `${id}-hint` : undefined}
      />
      {field.hint && (
        <small id={`${id}-hint`} className="muted">
          {field.hint}
        </small>
      )}
    </div>
  )
}

export function AccountForm(props: AccountFormProps) {
  const { label, fields, action, onSubmit, refusal = null, children, testId } = props
  const alive = useHydrated()
  const sending = useRef(false)
  const [busy, setBusy] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const { form, keep, forget } = useKept(testId)
  const wrong = fieldOf(complaint)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (sending.current) return
    sending.current = true
    setBusy(true)
    const said = await onSubmit(valuesOf(event.currentTarget)).catch(() => ({
      message: 'The API does not answer.',
      cure: 'Nothing was sent twice: try again when the connection is back.',
    }))
    sending.current = false
    setBusy(false)
    setComplaint(said)
    if (said === null) return forget()
    form.current?.querySelector<HTMLInputElement>(`[name="${fieldOf(said) ?? ''}"]`)?.focus()
  }
  return (
    <form
      ref={form}
      className="account-form"
      aria-label={label}
      method="post"
      data-testid={testId}
      onInput={keep}
      onSubmit={(event) => void submit(event)}
    >
      {fields.map((field) =>
        field.type === 'password' ? (
          <PasswordField key={field.name} field={field} wrong={wrong === field.name} form={form} />
        ) : (
          <TextField key={field.name} field={field} wrong={wrong === field.name} />
        ),
      )}
      {children}
      {complaint && (
        <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
      )}
      <button
        type="submit"
        className="button primary"
        disabled={!alive || busy || refusal !== null}
        title={refusal ?? undefined}
        data-testid={`${testId}-submit`}
      >
        {busy ? 'One moment…' : action}
      </button>
    </form>
  )
}
