'use client'
// Who is asked: people of the team by name, or everybody with a role.
import { useQuery } from 'urql'
import { TalkPeopleDocument, type Role } from '../../graphql/generated/graphql'
import { REVIEWING_ROLES, ROLES } from './review-words'

export interface Asked {
  readonly ids: readonly string[]
  readonly roles: readonly Role[]
}

interface ReviewersFieldProps {
  /** Id of who asks, who is not among those asked. */
  readonly asker: string | null
  readonly asked: Asked
  readonly onChange: (asked: Asked) => void
}

const toggled = <T,>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item]

export function ReviewersField({ asker, asked, onChange }: ReviewersFieldProps) {
  const [{ data }] = useQuery({ query: TalkPeopleDocument })
  const people = (data?.people ?? []).filter(({ id }) => id !== asker)
  const nobody = asked.ids.length + asked.roles.length === 0
  return (
    <fieldset className="reviewers" data-testid="reviewers">
      <legend>Reviewers</legend>
      {REVIEWING_ROLES.map((role) => (
        <label key={role} className="chip">
          <input
            type="checkbox"
            checked={asked.roles.includes(role)}
            onChange={() => onChange({ ...asked, roles: toggled(asked.roles, role) })}
          />{' '}
          every {ROLES[role]}
        </label>
      ))}
      {people.map(({ id, name, handle }) => (
        <label key={id} className="chip" title={`@${handle}`}>
          <input
            type="checkbox"
            checked={asked.ids.includes(id)}
            onChange={() => onChange({ ...asked, ids: toggled(asked.ids, id) })}
          />{' '}
          {name}
        </label>
      ))}
      <p className="muted">
        {nobody ? 'Nobody is chosen: all who may decide are asked.' : 'Others may decide, too.'}
      </p>
    </fieldset>
  )
}
