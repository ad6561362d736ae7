'use client'
// A new key: its name, what it may do, how long it lives.
import { useId, useRef, useState } from 'react'
import { Choice } from '../../components/choice'
import { Problem } from '../../components/problem'
import { SecretOnce } from '../../components/secret-once'
import type { Action } from '../../graphql/generated/graphql'
import { useHydrated } from '../../components/use-hydrated'
import type { Me } from '../account/viewer'
import { daysOf, EXPIRIES, scopeRefusal, SCOPES } from './scopes'
import { useKeys, type NewSecret } from './use-settings'

function ScopeBoxes({
  me,
  chosen,
  onChange,
}: {
  readonly me: Me
  readonly chosen: readonly Action[]
  readonly onChange: (scopes: Action[]) => void
}) {
  return (
    <fieldset className="scopes">
      <legend>It may</legend>
      {SCOPES.map(([scope, allows]) => {
        const refusal = scopeRefusal(me, scope)
        return (
          <label key={scope} title={refusal ?? undefined} data-off={refusal ? true : undefined}>
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              checked={chosen.includes(scope)}
              disabled={refusal !== null}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope),
                )
              }
            />
            <b>{scope.toLowerCase()}</b>
            <span className="muted">{allows}</span>
          </label>
        )
      })}
    </fieldset>
  )
}

function useNewKey() {
  const { create } = useKeys()
  const sending = useRef(false)
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<NewSecret | null>(null)
  const send = async (name: string, scopes: Action[], days: string): Promise<boolean> => {
    if (sending.current) return false
    sending.current = true
    setBusy(true)
    const answer = await create({ name, scopes, expiresInDays: daysOf(days) })
    sending.current = false
    setBusy(false)
    setMade(answer)
    return answer.complaint === null
  }
  return { busy, made, send, forget: () => setMade(null) }
}

function Made({ made, onClose }: { readonly made: NewSecret; readonly onClose: () => void }) {
  const { complaint, secret } = made
  if (complaint)
    return <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
  return (
    <SecretOnce
      title="The new key."
      secret={secret ?? ''}
      label="Copy the key"
      onClose={onClose}
      testId="new-api-key"
    />
  )
}

export function KeyForm({ me }: { readonly me: Me }) {
  const id = useId()
  const alive = useHydrated()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Action[]>(['READ'])
  const [days, setDays] = useState('90')
  const { busy, made, send, forget } = useNewKey()
  return (
    <form
      className="key-form"
      aria-label="New API key"
      method="post"
      data-testid="api-key-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send(name.trim(), scopes, days).then((done) => done && setName(''))
      }}
    >
      <div className="form-field">
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          className="input"
          value={name}
          maxLength={80}
          required
          autoComplete="off"
          placeholder="nightly evaluation"
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <ScopeBoxes me={me} chosen={scopes} onChange={setScopes} />
      <div className="bar">
        <Choice
          caption="Ends after"
          value={days}
          options={EXPIRIES.map(([value, label]) => ({ value, label }))}
          onChange={setDays}
        />
        <button
          type="submit"
          className="button primary"
          disabled={!alive || busy || scopes.length === 0}
          title={scopes.length === 0 ? 'Choose at least one scope' : undefined}
          data-testid="create-api-key"
        >
          Make a key
        </button>
      </div>
      {made && <Made made={made} onClose={forget} />}
    </form>
  )
}
