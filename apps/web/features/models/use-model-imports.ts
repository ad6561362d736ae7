// The newest imports, asked for again while one is under way: the floor under its subscription.
import { useCallback, useEffect, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { useEnded } from '../../components/use-ended'
import { onReconnected } from '../../graphql/connection'
import {
  ModelImportsDocument,
  ShellFactsDocument,
  type ModelImportPartsFragment,
} from '../../graphql/generated/graphql'
import { isUnderWay } from './import-facts'

const SHOWN = 5
const MOST = 100
const POLL_MS = 4000

export interface ModelImports {
  readonly items: readonly ModelImportPartsFragment[]
  readonly loaded: boolean
  /** How many there are besides. */
  readonly hidden: number
  readonly showAll: () => void
  /** Something ended or was removed: the lists and counts are read again. */
  readonly reload: () => void
}

export function useModelImports(reloadModels: () => void): ModelImports {
  const client = useClient()
  const [first, setFirst] = useState(SHOWN)
  const [{ data, error }, refetch] = useQuery({
    query: ModelImportsDocument,
    variables: { first },
    requestPolicy: 'cache-and-network',
  })
  const items = data?.modelImports.edges.map(({ node }) => node) ?? []
  const busy = items.some(isUnderWay)
  const readAgain = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  const reload = useCallback(() => {
    readAgain()
    reloadModels()
    void client.query(ShellFactsDocument, {}, { requestPolicy: 'network-only' }).toPromise()
  }, [client, readAgain, reloadModels])
  useEffect(() => onReconnected(readAgain), [readAgain])
  const over = data && items.filter((item) => !isUnderWay(item)).map(({ id }) => id)
  useEnded(over ?? null, reloadModels)
  useEffect(() => {
    if (!busy) return
    const timer = setInterval(readAgain, POLL_MS)
    return () => clearInterval(timer)
  }, [busy, readAgain])
  return {
    items,
    loaded: data !== undefined || error !== undefined,
    hidden: Math.min(MOST, data?.modelImports.totalCount ?? 0) - items.length,
    showAll: () => setFirst(MOST),
    reload,
  }
}
