// How the chosen model cuts a text into tokens, asked a moment after typing stops.
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import {
  TokenizeDocument,
  type TokenizeKind,
  type TokenizeQuery,
} from '../../graphql/generated/graphql'

const DELAY = 120

export type Tokenization = TokenizeQuery['tokenize']

export function useDebounced<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay)
    return () => clearTimeout(timer)
  }, [value, delay])
  return settled
}

export interface LiveTokens {
  /** null while typing: the last answer was for another text. */
  readonly tokens: Tokenization | null
  readonly problem: string | null
}

export function useTokenization(
  modelId: string | null,
  text: string,
  kind: TokenizeKind,
): LiveTokens {
  const asked = useDebounced(text, DELAY)
  const [{ data, error, operation }] = useQuery({
    query: TokenizeDocument,
    variables: { modelId: modelId ?? '', text: asked, kind },
    pause: modelId === null || asked === '',
  })
  const answersThis = operation?.variables?.text === text && operation.variables.modelId === modelId
  const problem =
    answersThis && error && !error.networkError
      ? (error.graphQLErrors[0]?.message ?? error.message)
      : null
  return { tokens: text !== '' && answersThis && data ? data.tokenize : null, problem }
}
