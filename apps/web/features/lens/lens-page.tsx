'use client'
// The lens: a question above, the grid, one cell in full beside it, and the run's figures below.
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { AnswerLine } from './answer-line'
import { AskBar } from './ask-bar'
import { CellPanel } from './cell-panel'
import { GridCard, GridSkeleton } from './grid-card'
import { strongestCell, type GridSource } from './grid-model'
import { FiguresCard } from './figures/figures-card'
import { samePin, togglePin, type CellAddress, type LensView } from './lens-view'
import { NoRuns, RunMissing, RunUnreadable } from './lens-states'
import { PinnedCells } from './pinned-cells'
import { useAsking, type Asking } from './use-asking'
import { useGrid, useLensRun, useNewestRun, type OpenRun, type RunFacts } from './use-lens-run'
import { useLensView, type UpdateView } from './use-lens-view'
import { useLensKeys } from './use-lens-keys'

export function LensSkeleton() {
  return (
    <main className="page lens-page" id="main" aria-busy>
      <div className="ask skeleton" style={{ height: 57 }} />
      <div className="answer" />
      <section className="card grid">
        <div className="bar skeleton" style={{ height: 32 }} />
        <GridSkeleton layers={8} />
      </section>
    </main>
  )
}

/** The selected cell, or the strongest one where the address names none that this run has. */
function useSelectedCell(view: LensView, run: RunFacts, source: GridSource | null): CellAddress {
  const { surface, layer, position } = view
  return useMemo(() => {
    const inside =
      layer !== null &&
      position !== null &&
      layer < run.model.layers &&
      position < run.tokens.length
    if (inside) return { surface, layer, position }
    if (source) return { surface, ...strongestCell(source, run.rankedTarget?.id ?? null) }
    return { surface, layer: run.model.layers - 1, position: Math.max(0, run.tokens.length - 1) }
  }, [surface, layer, position, run.model.layers, run.tokens.length, run.rankedTarget?.id, source])
}

interface OpenedProps {
  readonly open: OpenRun
  readonly run: RunFacts
  readonly view: LensView
  readonly update: UpdateView
  readonly asking: Asking
}

function OpenedRun({ open, run, view, update, asking }: OpenedProps) {
  const { source, error } = useGrid(run, view.surface)
  const address = useSelectedCell(view, run, source)
  const settled = useDeferredValue(address)
  const pinned = view.pins.some((pin) => samePin(pin, address))
  const togglePinned = (pin: CellAddress) =>
    update((current) => ({ pins: togglePin(current.pins, pin) }))
  const done = run.state === 'DONE' && source !== null
  return (
    <>
      <GridCard
        open={open}
        run={run}
        source={source}
        gridFailed={error !== undefined}
        view={view}
        update={update}
        asking={asking}
        selected={address}
      />
      {done && (
        <aside className="side" aria-label="Cell">
          <CellPanel
            run={run}
            address={address}
            sign={view.sign}
            pinned={pinned}
            onPin={() => togglePinned(address)}
          />
          <PinnedCells
            run={run}
            pins={view.pins}
            sign={view.sign}
            onOpen={(pin) =>
              update({ surface: pin.surface, layer: pin.layer, position: pin.position })
            }
            onUnpin={togglePinned}
          />
        </aside>
      )}
      {done && (
        <FiguresCard run={run} source={source} address={settled} tab={view.tab} update={update} />
      )}
    </>
  )
}

export function LensPage() {
  const [view, update] = useLensView()
  const newest = useNewestRun(view.run === null)
  const [created, setCreated] = useState<RunFacts | null>(null)
  const id = view.run ?? newest.id
  const open = useLensRun(id, created)
  const asking = useAsking(view, update, open.run, setCreated)
  const openNewest = useCallback(
    () => update({ run: null, layer: null, position: null, pins: [] }, 'push'),
    [update],
  )
  useLensKeys(update)
  useEffect(() => {
    if (view.run === null && newest.id !== null) update({ run: newest.id })
  }, [view.run, newest.id, update])
  return (
    <main className="page lens-page" id="main">
      <h1 className="hidden-text">Lens</h1>
      <AskBar asking={asking} />
      <AnswerLine run={open.run} />
      {open.run && (
        <OpenedRun open={open} run={open.run} view={view} update={update} asking={asking} />
      )}
      {!open.run && open.missing && <RunMissing onNewest={openNewest} />}
      {!open.run && open.error && !open.error.networkError && (
        <RunUnreadable message={open.error.graphQLErrors[0]?.message} onRetry={open.refetch} />
      )}
      {newest.none && <NoRuns onTry={(prompt, target) => asking.change({ prompt, target })} />}
      {!open.run && !open.missing && !newest.none && !(open.error && !open.error.networkError) && (
        <section className="card grid" aria-busy>
          <div className="bar skeleton" style={{ height: 32 }} />
          <GridSkeleton layers={8} />
        </section>
      )}
    </main>
  )
}
