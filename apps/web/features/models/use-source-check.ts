// What the server makes of a source, asked a moment after typing stops.
import { useQuery } from 'urql'
import { useDebouncedValue } from '../../components/use-debounced-value'
import {
  CheckModelSourceDocument,
  type CheckModelSourceQuery,
} from '../../graphql/generated/graphql'

const DELAY = 250

export type SourceCheck = CheckModelSourceQuery['checkModelSource']

/** null while typing and while nothing is typed: an older answer is for another text. */
export function useSourceCheck(source: string, name: string): SourceCheck | null {
  const wanted = source.trim()
  const asked = useDebouncedValue(`${wanted}\n${name.trim()}`, DELAY)
  const [askedSource = '', askedName = ''] = asked.split('\n')
  const [{ data, operation }] = useQuery({
    query: CheckModelSourceDocument,
    variables: { source: askedSource, name: askedName || null },
    pause: askedSource === '',
    requestPolicy: 'network-only',
  })
  const { source: answered, name: answeredName } = operation?.variables ?? {}
  const isAnswer = answered === wanted && (answeredName ?? '') === name.trim()
  return wanted !== '' && isAnswer && data ? data.checkModelSource : null
}
