// The open run: its facts, its live progress, and the grid of the chosen matrix. Old data stays on screen until new data is there.
import { useEffect, useMemo, useState } from 'react'
import { useQuery, useSubscription, type CombinedError } from 'urql'
import {
  HiddenGridDocument,
  LensGridDocument,
  LensRunDocument,
  LensRunProgressDocument,
  NewestRunDocument,
  type LensRunPartsFragment,
  type LensRunProgressSubscription,
  type NewestRunQuery,
} from '../../graphql/generated/graphql'
import { onReconnected } from '../../graphql/connection'
import type { GridSource } from './grid-model'
import type { Surface } from './lens-view'

const POLL_MS = 4000

export type RunFacts = LensRunPartsFragment
export type Progress = LensRunProgressSubscription['lensRunProgress']

export const isLive = (state: RunFacts['state']) => state === 'QUEUED' || state === 'RUNNING'

export interface OpenRun {
  readonly run: RunFacts | null
  readonly loading: boolean
  readonly missing: boolean
  readonly error: CombinedError | undefined
  readonly refetch: () => void
}

/** Keeps the last value while the next one is on its way. */
export function useKept<T>(value: T | null | undefined): T | null {
  const [kept, setKept] = useState<T | null>(value ?? null)
  if (value !== null && value !== undefined && value !== kept) setKept(value)
  return value ?? kept
}

/** A run that came whole, with the grid that a page shows first. */
export type WholeRun = NewestRunQuery['lensRuns']['edges'][number]['node']

export function useNewestRun(wanted: boolean): {
  readonly id: string | null
  readonly none: boolean
  /** Kept when it is no longer wanted: the page goes on showing it. */
  readonly whole: WholeRun | null
} {
  const [{ data }, refetch] = useQuery({
    query: NewestRunDocument,
    pause: !wanted,
    requestPolicy: 'cache-and-network',
  })
  useEffect(
    () => onReconnected(() => wanted && refetch({ requestPolicy: 'network-only' })),
    [refetch, wanted],
  )
  const found = data?.lensRuns.edges[0]?.node
  const whole = useKept(found)
  const none = wanted && data !== undefined && found === undefined
  return { id: wanted ? (found?.id ?? null) : null, none, whole }
}

function withProgress(run: RunFacts, progress: Progress | null): RunFacts {
  if (!progress || progress.runId !== run.id || progress.version <= run.progressVersion) return run
  if (!isLive(run.state)) return run
  const { state, stage, queuePosition, attempt, estimateSeconds, block, error } = progress
  return {
    ...run,
    state: state === 'DONE' ? 'RUNNING' : state,
    stage,
    queuePosition,
    attempt,
    estimateSeconds,
    block,
    error,
  } as RunFacts
}

function useProgress(run: RunFacts | null, refetch: () => void): Progress | null {
  const live = run !== null && isLive(run.state)
  const id = run?.id ?? ''
  const [from, setFrom] = useState({ id, version: run?.progressVersion ?? 0 })
  if (from.id !== id) setFrom({ id, version: run?.progressVersion ?? 0 })
  const [{ data }] = useSubscription({
    query: LensRunProgressDocument,
    variables: useMemo(() => ({ runId: id, afterVersion: from.version }), [id, from.version]),
    pause: !live,
  })
  const progress = data?.lensRunProgress.runId === id ? data.lensRunProgress : null
  const ended =
    live &&
    progress !== null &&
    !isLive(progress.state) &&
    progress.version > (run?.progressVersion ?? 0)
  useEffect(() => {
    if (ended) refetch()
  }, [ended, refetch])
  useEffect(() => {
    if (!live) return
    const poll = setInterval(refetch, POLL_MS)
    return () => clearInterval(poll)
  }, [live, refetch])
  return progress
}

/** `given`: runs that are known already, shown before the first answer about them; a finished one needs none. */
export function useLensRun(id: string | null, given: readonly (RunFacts | null)[]): OpenRun {
  const known = given.find((run) => run?.id === id) ?? null
  const asked = id !== null && known?.state !== 'DONE'
  const [{ data, fetching, error }, execute] = useQuery({
    query: LensRunDocument,
    variables: { id: id ?? '' },
    pause: !asked,
  })
  const refetch = useMemo(() => () => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(refetch), [refetch])
  const found = data?.lensRun?.id === id ? (data?.lensRun ?? null) : known
  const progress = useProgress(found, refetch)
  const kept = useKept(found)
  const run = id === null ? null : (found ?? kept)
  // While nothing is asked, the last answer still stands: of another run.
  const missing = asked && !fetching && data !== undefined && data.lensRun === null
  return {
    run: run && !missing ? withProgress(run, progress) : null,
    loading: fetching,
    missing,
    error,
    refetch,
  }
}

export function useGrid(
  run: RunFacts | null,
  surface: Surface,
  whole: WholeRun | null,
): { readonly source: GridSource | null; readonly error: CombinedError | undefined } {
  const ready = run !== null && run.state === 'DONE'
  const id = run?.id ?? ''
  const given = whole?.id === id && whole.grid?.matrix === surface ? whole.grid : null
  const matrix = surface === 'HIDDEN' ? 'MLP_DOWN' : surface
  const [grid, refetchGrid] = useQuery({
    query: LensGridDocument,
    variables: { id, matrix },
    pause: !ready || surface === 'HIDDEN' || given !== null,
  })
  const [hidden, refetchHidden] = useQuery({
    query: HiddenGridDocument,
    variables: { id },
    pause: !ready || surface !== 'HIDDEN',
  })
  useEffect(
    () =>
      onReconnected(() =>
        (surface === 'HIDDEN' ? refetchHidden : refetchGrid)({ requestPolicy: 'network-only' }),
      ),
    [refetchGrid, refetchHidden, surface],
  )
  const current = useMemo<{ run: string; source: GridSource } | null>(() => {
    if (!ready) return null
    if (given) return { run: id, source: { kind: 'matrix', grid: given } }
    if (surface === 'HIDDEN') {
      const found = hidden.data?.lensRun
      return found?.id === id && found.hiddenGrid
        ? { run: id, source: { kind: 'hidden', grid: found.hiddenGrid } }
        : null
    }
    const found = grid.data?.lensRun
    return found?.id === id && found.grid?.matrix === surface
      ? { run: id, source: { kind: 'matrix', grid: found.grid } }
      : null
  }, [ready, surface, id, given, hidden.data, grid.data])
  const kept = useKept(current)
  return {
    source: kept && kept.run === id ? kept.source : null,
    error: surface === 'HIDDEN' ? hidden.error : grid.error,
  }
}
