// Who looks at the page, and whether they may write.
import { useQuery } from 'urql'
import {
  TalkMeDocument,
  type Action,
  type TalkPersonFragment,
} from '../../graphql/generated/graphql'

export interface Talker {
  readonly person: TalkPersonFragment | null
  readonly known: boolean
  readonly may: (action: Action) => boolean
}

export function useTalker(): Talker {
  const [{ data }] = useQuery({ query: TalkMeDocument })
  const actions = data?.me.actions ?? []
  return {
    person: data?.me.person ?? null,
    known: data !== undefined,
    may: (action) => actions.includes(action),
  }
}
