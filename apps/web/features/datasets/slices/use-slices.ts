// Saved slices, and how one is made.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { onReconnected } from '../../../graphql/connection'
import {
  CreateSliceDocument,
  SlicesDocument,
  type SlicePartsFragment,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { isSliceLive, sliceInputOf, type SliceDraft } from './slice-model'

export type Slice = SlicePartsFragment

const MOST = 100
const POLL_MS = 4000

export function useSlices(datasetId: string | null) {
  const [{ data, error }, refetch] = useQuery({
    query: SlicesDocument,
    variables: { first: MOST, datasetId },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  const slices = data?.slices.edges.map(({ node }) => node) ?? null
  const busy = slices?.some(isSliceLive) ?? false
  useEffect(() => onReconnected(reload), [reload])
  useEffect(() => {
    if (!busy) return
    const timer = setInterval(reload, POLL_MS)
    return () => clearInterval(timer)
  }, [busy, reload])
  return { slices, total: data?.slices.totalCount ?? 0, error: data ? undefined : error, reload }
}

export interface MakeSlice {
  readonly make: (datasetId: string, draft: SliceDraft) => Promise<Slice | null>
  readonly busy: boolean
  readonly complaint: Complaint | null
}

export function useMakeSlice(): MakeSlice {
  const [{ fetching }, create] = useMutation(CreateSliceDocument)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  /** Kept while the same slice is asked for, so that pressing twice makes one. */
  const request = useRef({ draft: '', id: '' })
  const make = async (datasetId: string, draft: SliceDraft) => {
    const asked = JSON.stringify([datasetId, draft])
    if (request.current.draft !== asked)
      request.current = {
        draft: asked,
        id: `${Date.now()}-${Math.random().toString(36).slice(2)}`,
      }
    const { data, error } = await create({
      input: sliceInputOf(datasetId, draft, request.current.id),
    })
    const refused = complaintOf(error, data?.createSlice.errors)
    setComplaint(refused)
    return refused ? null : (data?.createSlice.slice ?? null)
  }
  return { make, busy: fetching, complaint }
}
