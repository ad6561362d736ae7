// The comparison of some evaluations: asked once, again while they run, and again for filtered cases.
import { useEffect, useMemo } from 'react'
import { useQuery } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { ComparisonDocument, type ComparisonInput } from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'
import { comparisonInput, type ComparedIds } from './comparison-input'
import type { Comparison } from './comparison-model'
import type { ComparisonView } from './comparison-view'

const AGAIN_MS = 5000
/** After a first answer of few resamples. */
const WHOLE_MS = 1200

export interface OpenComparison {
  readonly comparison: Comparison | null
  readonly complaint: Complaint | null
  readonly busy: boolean
  readonly reload: () => void
}

export function useComparison(
  ids: ComparedIds,
  view: ComparisonView,
  live: boolean,
): OpenComparison {
  const key = JSON.stringify(comparisonInput(ids, view))
  const variables = useMemo(
    () => ({ input: JSON.parse(key) as ComparisonInput, quick: true }),
    [key],
  )
  const [{ data, error, fetching, stale }, execute] = useQuery({
    query: ComparisonDocument,
    variables,
    pause: ids.length === 0,
    requestPolicy: 'cache-and-network',
  })
  const reload = useMemo(() => () => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  useEffect(() => {
    if (!live) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload()
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [live, reload])
  const rough = data?.comparison.final === false && !fetching
  useEffect(() => {
    if (!rough) return
    const timer = setTimeout(reload, WHOLE_MS)
    return () => clearTimeout(timer)
  }, [rough, reload])
  return {
    comparison: data?.comparison ?? null,
    complaint: complaintOf(error, undefined),
    busy: fetching || stale,
    reload,
  }
}
