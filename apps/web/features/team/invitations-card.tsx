'use client'
// Links by which people join: made with a role and an end, shown once, revoked here.
import { useId, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { Problem } from '../../components/problem'
import { SecretOnce } from '../../components/secret-once'
import { When } from '../../components/when'
import {
  InvitationsDocument,
  type InvitationPartsFragment,
  type Role,
} from '../../graphql/generated/graphql'
import { roleName, ROLES } from '../account/viewer'
import { useNow } from '../datasets/use-now'
import type { Complaint } from '../edits/complaint'
import { standingOf } from '../settings/scopes'
import { useInvitations, type MadeInvitation } from './use-team'

const DAYS = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
]

type OnMade = (invitation: InvitationPartsFragment) => void

function useNewInvitation(onMade: OnMade) {
  const { create } = useInvitations()
  const sending = useRef(false)
  const [made, setMade] = useState<MadeInvitation | null>(null)
  const send = async (role: Role, email: string, days: string) => {
    if (sending.current) return false
    sending.current = true
    const answer = await create({ role, email: email.trim() || null, days: Number(days) })
    sending.current = false
    setMade(answer)
    if (answer.invitation) onMade(answer.invitation)
    return answer.complaint === null
  }
  return { made, send, forget: () => setMade(null) }
}

interface InviteFormProps {
  readonly onMade: OnMade
  /** The one that was revoked last: its link is not offered any more. */
  readonly revoked: string | null
}

function InviteForm({ onMade, revoked }: InviteFormProps) {
  const id = useId()
  const [role, setRole] = useState<Role>('ANNOTATOR')
  const [days, setDays] = useState('7')
  const [email, setEmail] = useState('')
  const { made, send, forget } = useNewInvitation(onMade)
  return (
    <form
      className="invite-form"
      aria-label="New invitation"
      method="post"
      data-testid="invite-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send(role, email, days).then((done) => done && setEmail(''))
      }}
    >
      <div className="bar">
        <Choice
          caption="As"
          value={role}
          options={ROLES.map(([value, label]) => ({ value, label: label.toLowerCase() }))}
          onChange={setRole}
        />
        <Choice caption="Works for" value={days} options={DAYS} onChange={setDays} />
        <label htmlFor={id} className="hidden-text">
          Only for this e-mail address
        </label>
        <input
          id={id}
          type="email"
          className="input grow"
          value={email}
          autoComplete="off"
          placeholder="only for this e-mail (optional)"
          onChange={(event) => setEmail(event.target.value)}
        />
        <button type="submit" className="button small primary" data-testid="create-invitation">
          Make an invitation link
        </button>
      </div>
      {made?.complaint && (
        <Problem
          title={made.complaint.message}
          cure={made.complaint.cure}
          code={made.complaint.code}
        />
      )}
      {made?.token && made.invitation?.id !== revoked && (
        <SecretOnce
          title="Send this link to one person; it works once."
          secret={`${window.location.origin}/join/${made.token}`}
          label="Copy the link"
          onClose={forget}
          testId="new-invitation"
        />
      )}
    </form>
  )
}

function stateOf(invitation: InvitationPartsFragment, now: number): string {
  if (invitation.acceptedAt) return `joined: ${invitation.acceptedBy?.name ?? 'somebody'}`
  const standing = standingOf(invitation, now)
  return standing === 'live' ? 'open' : standing
}

function InvitationRow({
  item,
  onRevoke,
}: {
  readonly item: InvitationPartsFragment
  readonly onRevoke: () => void
}) {
  const state = stateOf(item, useNow(60_000))
  return (
    <li
      className="person-row"
      data-testid="invitation-row"
      data-open={state === 'open' || undefined}
    >
      <span className="person-name">
        {item.email ?? 'Anyone with the link'}
        <small className="muted">
          as {roleName(item.role).toLowerCase()}, by {item.createdBy.name}
        </small>
      </span>
      <small className="muted person-since">
        until <When at={item.expiresAt} />
      </small>
      <span className="badge">{state}</span>
      {state === 'open' && (
        <button
          type="button"
          className="link"
          onClick={onRevoke}
          aria-label={`Revoke the invitation for ${item.email ?? 'anyone with the link'}`}
          data-testid="revoke-invitation"
        >
          Revoke
        </button>
      )}
    </li>
  )
}

/** What was made just now is in the list at once, also while the list is read again. */
function withMade(
  read: readonly InvitationPartsFragment[],
  made: readonly InvitationPartsFragment[],
): readonly InvitationPartsFragment[] {
  const known = new Set(read.map(({ id }) => id))
  return [...made.filter(({ id }) => !known.has(id)), ...read]
}

export function InvitationsCard() {
  const [{ data, error }] = useQuery({
    query: InvitationsDocument,
    requestPolicy: 'cache-and-network',
  })
  const { revoke } = useInvitations()
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const [made, setMade] = useState<readonly InvitationPartsFragment[]>([])
  const [revoked, setRevoked] = useState<string | null>(null)
  const withdraw = async (id: string) => {
    const refused = await revoke(id)
    setComplaint(refused)
    if (refused === null) setRevoked(id)
  }
  const invitations = data && withMade(data.team.invitations, made)
  return (
    <section className="card" aria-label="Invitations" id="invitations">
      <h2 className="card-head">Invitations</h2>
      <div className="card-part">
        <InviteForm onMade={(one) => setMade((before) => [one, ...before])} revoked={revoked} />
      </div>
      {complaint && (
        <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
      )}
      {error && !data && (
        <Problem
          title="The invitations could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      {!data && !error && <div className="skeleton line" aria-hidden />}
      {invitations?.length === 0 && <p className="none">Nobody was invited yet.</p>}
      <ul>
        {invitations?.map((item) => (
          <InvitationRow key={item.id} item={item} onRevoke={() => void withdraw(item.id)} />
        ))}
      </ul>
    </section>
  )
}
