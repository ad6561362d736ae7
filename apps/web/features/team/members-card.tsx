'use client'
// The people of the team and what each may do.
import { useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import type { MemberPartsFragment, Role } from '../../graphql/generated/graphql'
import { useMay, useMe } from '../account/me'
import { initialsOf, roleName, ROLES } from '../account/viewer'
import type { Complaint } from '../edits/complaint'
import { usePeople } from './use-team'

interface MemberRowProps {
  readonly member: MemberPartsFragment
  readonly mine: boolean
  readonly admin: boolean
  readonly onRole: (role: Role) => void
  readonly onRemove: () => void
}

function RoleChoice({ member, onRole }: Pick<MemberRowProps, 'member' | 'onRole'>) {
  return (
    <select
      className="input role-choice"
      aria-label={`Role of ${member.person.name}`}
      value={member.role}
      onChange={(event) => onRole(event.target.value as Role)}
      data-testid="member-role"
    >
      {ROLES.map(([role, name, may]) => (
        <option key={role} value={role} title={may}>
          {name}
        </option>
      ))}
    </select>
  )
}

function MemberRow({ member, mine, admin, onRole, onRemove }: MemberRowProps) {
  const { person, email, role, joinedAt } = member
  return (
    <li className="person-row" data-testid="member-row" data-role={role}>
      <span className="avatar" aria-hidden>
        {initialsOf(person.name)}
      </span>
      <span className="person-name">
        <b>{person.name}</b>
        {mine && <span className="muted"> (you)</span>}
        <small className="muted">
          @{person.handle}
          {email && ` · ${email}`}
        </small>
      </span>
      <small className="muted person-since">
        since <When at={joinedAt} />
      </small>
      {admin ? (
        <RoleChoice member={member} onRole={onRole} />
      ) : (
        <span className="badge">{roleName(role)}</span>
      )}
      {admin && (
        <button
          type="button"
          className="link"
          onClick={onRemove}
          aria-label={`Remove ${person.name} from the team`}
          data-testid="remove-member"
        >
          Remove
        </button>
      )}
    </li>
  )
}

export function MembersCard({ members }: { readonly members: readonly MemberPartsFragment[] }) {
  const me = useMe()
  const admin = useMay('ADMINISTER') && me !== null
  const { changeRole, remove } = usePeople()
  const [doomed, setDoomed] = useState<MemberPartsFragment | null>(null)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  return (
    <section className="card" aria-label="Members" id="members">
      <h2 className="card-head">
        People <span className="muted tabular">{members.length}</span>
      </h2>
      {complaint && (
        <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
      )}
      <ul>
        {members.map((member) => (
          <MemberRow
            key={member.person.id}
            member={member}
            mine={member.person.id === me?.person?.id}
            admin={admin}
            onRole={(role) => void changeRole(member.person.id, role).then(setComplaint)}
            onRemove={() => setDoomed(member)}
          />
        ))}
      </ul>
      <dl className="role-words muted">
        {ROLES.map(([role, name, may]) => (
          <div key={role}>
            <dt>{name}</dt>
            <dd>{may}</dd>
          </div>
        ))}
      </dl>
      <ConfirmDialog
        open={doomed !== null}
        title={`Remove ${doomed?.person.name ?? ''} from the team?`}
        action="Remove from the team"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void remove(doomed.person.id).then(setComplaint)}
      >
        <p>Their keys stop working at once. What they made stays, under their name.</p>
      </ConfirmDialog>
    </section>
  )
}
