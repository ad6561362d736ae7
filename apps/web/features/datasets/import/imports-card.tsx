'use client'
// Data sets on their way, and those that came in lately; read again while one is under way, the floor under its subscription.
import { useCallback, useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { useEnded } from '../../../components/use-ended'
import { onReconnected } from '../../../graphql/connection'
import {
  DatasetImportsDocument,
  type DatasetImportPartsFragment,
} from '../../../graphql/generated/graphql'
import { isUnderWay } from './import-facts'
import { DatasetImportRow } from './import-row'

const FIRST = 10
const RECENT_MS = 3_600_000
const POLL_MS = 4000

/** Under way, or of the last hour. */
const isRecent = (item: DatasetImportPartsFragment, now: number): boolean =>
  isUnderWay(item) || now - new Date(item.createdAt).getTime() < RECENT_MS

export function useDatasetImports(reloadDatasets: () => void) {
  const [opened] = useState(() => Date.now())
  const [{ data, error }, refetch] = useQuery({
    query: DatasetImportsDocument,
    variables: { first: FIRST },
    requestPolicy: 'cache-and-network',
  })
  const items = (data?.datasetImports.edges.map(({ node }) => node) ?? []).filter((item) =>
    isRecent(item, opened),
  )
  const busy = items.some(isUnderWay)
  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  const ended = useCallback(() => {
    reload()
    reloadDatasets()
  }, [reload, reloadDatasets])
  useEffect(() => onReconnected(reload), [reload])
  const over = data && items.filter((item) => !isUnderWay(item)).map(({ id }) => id)
  useEnded(over ?? null, reloadDatasets)
  useEffect(() => {
    if (!busy) return
    const timer = setInterval(ended, POLL_MS)
    return () => clearInterval(timer)
  }, [busy, ended])
  return { items, loaded: data !== undefined || error !== undefined, reload, ended }
}

export function ImportsCard({
  imports,
}: {
  readonly imports: ReturnType<typeof useDatasetImports>
}) {
  if (imports.items.length === 0) return null
  return (
    <section className="card imports" aria-label="Imports">
      <ul>
        {imports.items.map((item) => (
          <DatasetImportRow key={item.id} item={item} onChanged={imports.ended} />
        ))}
      </ul>
    </section>
  )
}
