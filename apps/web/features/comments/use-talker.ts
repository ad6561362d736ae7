// Who looks at the page, and whether they may write.
import type { Action } from '../../graphql/generated/graphql'
import { useMe } from '../account/me'
import type { Me } from '../account/viewer'

export interface Talker {
  readonly person: Me['person']
  /** Whether the API has said who looks; until then nothing is offered. */
  readonly known: boolean
  readonly may: (action: Action) => boolean
}

export function useTalker(): Talker {
  const me = useMe()
  return {
    person: me?.person ?? null,
    known: me !== null,
    may: (action) => me?.actions.includes(action) ?? false,
  }
}
