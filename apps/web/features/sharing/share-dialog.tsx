'use client'
// Hands this view on: its address for the team, or a read-only link for anyone who has it.
import { Dialog } from 'radix-ui'
import { DialogFrame } from '../../components/dialog-frame'
import Link from 'next/link'
import { useId, useRef, useState } from 'react'
import { Choice } from '../../components/choice'
import { CopyText } from '../../components/copy-text'
import { Problem } from '../../components/problem'
import { SecretOnce } from '../../components/secret-once'
import { useMe, useRefusal } from '../account/me'
import { daysOf, EXPIRIES } from '../settings/scopes'
import { titleOf } from '../shell/places'
import {
  isForAnyone,
  isForTeam,
  permalink,
  shareAddress,
  sharedPath,
  shareTitle,
} from './share-addresses'
import { useShares, type MadeLink } from './use-shares'

function TeamPart() {
  const me = useMe()
  const address = permalink(window.location.origin, window.location, me?.project?.id ?? null)
  return (
    <section className="share-part">
      <h3>For the team</h3>
      <p className="muted">
        The address of exactly this view.{' '}
        {me?.project?.isPublic
          ? 'The project is public, so anyone can open it.'
          : 'Only people of the team can open it.'}
      </p>
      <div className="bar">
        <CopyText text={address} label="Copy the address" />
      </div>
    </section>
  )
}

function useNewLink() {
  const { create } = useShares()
  const sending = useRef(false)
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<MadeLink | null>(null)
  const send = async (title: string, days: string) => {
    if (sending.current) return
    sending.current = true
    setBusy(true)
    const path = sharedPath(window.location)
    setMade(await create({ path, title, expiresInDays: daysOf(days) }))
    sending.current = false
    setBusy(false)
  }
  return { busy, made, send, forget: () => setMade(null) }
}

function Made({ made, onClose }: { readonly made: MadeLink; readonly onClose: () => void }) {
  const { complaint, token } = made
  if (complaint)
    return <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
  return (
    <SecretOnce
      title="The link is ready."
      secret={shareAddress(window.location.origin, token ?? '')}
      label="Copy the link"
      onClose={onClose}
      testId="new-share"
    />
  )
}

function AnyonePart() {
  const id = useId()
  const refusal = useRefusal('ANNOTATE', 'make shared links')
  const [title, setTitle] = useState(() =>
    shareTitle(titleOf(window.location.pathname), document.querySelector('main h1')?.textContent),
  )
  const [days, setDays] = useState('30')
  const { busy, made, send, forget } = useNewLink()
  return (
    <form
      className="share-part"
      aria-label="Read-only link"
      data-testid="share-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send(title.trim(), days)
      }}
    >
      <h3>For anyone with the link</h3>
      <p className="muted">
        Read-only. Whoever has the link can read what this page shows, until it ends or is revoked.
      </p>
      {refusal && <p data-testid="share-refusal">{refusal}</p>}
      <div className="form-field">
        <label htmlFor={id}>Title</label>
        <input
          id={id}
          className="input"
          value={title}
          maxLength={120}
          required
          disabled={refusal !== null}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <div className="bar">
        <Choice
          caption="Ends after"
          value={days}
          options={EXPIRIES.map(([value, label]) => ({ value, label }))}
          onChange={setDays}
          disabled={refusal !== null}
        />
        <button
          type="submit"
          className="button primary small"
          disabled={busy || refusal !== null}
          title={refusal ?? undefined}
          data-testid="create-share"
        >
          Make a link
        </button>
      </div>
      {made && <Made made={made} onClose={forget} />}
    </form>
  )
}

export function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const { pathname } = window.location
  return (
    <DialogFrame className="dialog share-dialog" testId="share-dialog" onClose={onClose}>
      <Dialog.Title>Share this view</Dialog.Title>
      {isForTeam(pathname) ? (
        <TeamPart />
      ) : (
        <p className="muted">This page is about your account and team; it is not shared.</p>
      )}
      {isForAnyone(pathname) && <AnyonePart />}
      <div className="dialog-actions">
        <Link className="button" href="/team/shares" onClick={onClose}>
          All shared links
        </Link>
        <Dialog.Close className="button">Close</Dialog.Close>
      </div>
    </DialogFrame>
  )
}
