'use client'
// One question for the whole page: who am I, and what may I do here?
import { createContext, useContext, useEffect, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { useHydrated } from '../../components/use-hydrated'
import { onReconnected, onRightsChanged } from '../../graphql/connection'
import { MeDocument, type Action } from '../../graphql/generated/graphql'
import { refusalOf, type Me } from './viewer'

const MeContext = createContext<Me | null>(null)

export function MeProvider({ children }: { readonly children: ReactNode }) {
  const [{ data }, refetch] = useQuery({ query: MeDocument })
  useEffect(() => {
    const ask = () => refetch({ requestPolicy: 'network-only' })
    const forget = [onReconnected(ask), onRightsChanged(ask)]
    return () => forget.forEach((one) => one())
  }, [refetch])
  return <MeContext value={data?.me ?? null}>{children}</MeContext>
}

/** null until the API has said who looks. */
export function useMe(): Me | null {
  const me = useContext(MeContext)
  return useHydrated() ? me : null
}

/** Why the viewer may not do it, as a tooltip says it; null when they may. */
export const useRefusal = (action: Action, verb?: string): string | null =>
  refusalOf(useMe(), action, verb)

/** Whether the viewer may; true while nobody knows yet. */
export const useMay = (action: Action): boolean => useRefusal(action) === null
