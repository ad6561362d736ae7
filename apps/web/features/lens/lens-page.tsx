'use client'
// The lens: a question above, the grid, one cell in full beside it, and the run's figures below.
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { TalkAnchorFragment } from '../../graphql/generated/graphql'
import { runAnchor } from '../comments/anchors'
import { cellMarks, NO_MARKS } from '../comments/cell-marks'
import { CommentsButton } from '../comments/comments-button'
import { sumMarkers, useMarkers } from '../comments/use-markers'
import { AnswerLine } from './answer-line'
import { AskBar } from './ask-bar'
import { CellComments } from './cell-comments'
import { CellPanel } from './cell-panel'
import { GridCard, GridSkeleton } from './grid-card'
import { strongestCell, type GridSource } from './grid-model'
import { cellKey } from './grid-moves'
import { matrixFacts } from './matrix-names'
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

/** Threads of a run: those of the grid's cells, and all of them in one place. */
function useTalk(run: RunFacts | null, view: LensView) {
  const id = run?.id ?? ''
  const anchor = useMemo(() => runAnchor(id), [id])
  const markers = useMarkers(anchor, { paused: run === null || run.state !== 'DONE' })
  const { surface, factor } = view
  const shown = surface === 'HIDDEN' ? null : (factor ?? matrixFacts(surface).projectable)
  const marks = useMemo(
    () => (surface === 'HIDDEN' || shown === null ? NO_MARKS : cellMarks(markers, surface, shown)),
    [markers, surface, shown],
  )
  return { anchor, counted: sumMarkers(markers), marks, factor: shown }
}

type Talk = ReturnType<typeof useTalk>

/** The cell that the address named at first: a comment that it names stands there. */
function useNamedCell(view: LensView): boolean {
  return useState(view.layer !== null)[0]
}

function jumpTo(run: RunFacts, update: UpdateView) {
  return (anchor: TalkAnchorFragment) => {
    const { kind, matrix, factor, layer, position } = anchor
    if (kind !== 'CELL' || !matrix || layer === null || position === null) return
    const own = matrixFacts(matrix).projectable
    update({ surface: matrix, factor: factor === own ? null : factor, layer, position })
    if (!run.matrices.includes(matrix)) window.location.assign(anchor.path)
  }
}

interface OpenedProps {
  readonly open: OpenRun
  readonly run: RunFacts
  readonly view: LensView
  readonly update: UpdateView
  readonly asking: Asking
  readonly talk: Talk
  readonly named: boolean
}

function OpenedRun({ open, run, view, update, asking, talk, named }: OpenedProps) {
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
        marks={talk.marks}
      />
      {done && (
        <aside className="side" aria-label="Cell">
          <CellPanel
            run={run}
            address={address}
            sign={view.sign}
            pinned={pinned}
            onPin={() => togglePinned(address)}
          >
            {address.surface !== 'HIDDEN' && talk.factor && (
              <CellComments
                place={[run.id, address.layer, address.position, address.surface, talk.factor]}
                counted={
                  talk.marks.get(cellKey(address.layer, address.position)) ?? {
                    threads: 0,
                    unresolved: 0,
                  }
                }
                named={named}
              />
            )}
          </CellPanel>
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
  const talk = useTalk(open.run, view)
  const named = useNamedCell(view)
  useLensKeys(update)
  useEffect(() => {
    if (view.run === null && newest.id !== null) update({ run: newest.id })
  }, [view.run, newest.id, update])
  return (
    <main className="page lens-page" id="main">
      <h1 className="hidden-text">Lens</h1>
      <AskBar asking={asking} />
      <AnswerLine
        run={open.run}
        talk={
          open.run?.state === 'DONE' && (
            <CommentsButton
              anchor={talk.anchor}
              counted={talk.counted}
              about="this run"
              onJump={jumpTo(open.run, update)}
              showsLinked={!named}
            />
          )
        }
      />
      {open.run && (
        <OpenedRun open={open} run={open.run} {...{ view, update, asking, talk, named }} />
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
