'use client'
// The lens: a question above, the grid, one cell in full beside it, and the run's figures below.
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useHydrated } from '../../components/use-hydrated'
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
import type { GridSource } from './grid-model'
import { cellKey } from './grid-moves'
import { matrixFacts } from './matrix-names'
import { FiguresCard } from './figures/figures-card'
import { samePin, togglePin, type CellAddress, type LensView } from './lens-view'
import { NoRuns, RunMissing, RunUnreadable } from './lens-states'
import { PinnedCells } from './pinned-cells'
import { selectedCell } from './selected-cell'
import { useAsking, type Asking } from './use-asking'
import {
  useGrid,
  useLensRun,
  useNewestRun,
  type OpenRun,
  type RunFacts,
  type WholeRun,
} from './use-lens-run'
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

/** `run` is another object with every word of its progress; what this reads of it is not. */
function useSelectedCell(view: LensView, run: RunFacts, source: GridSource | null): CellAddress {
  const { surface, layer, position } = view
  const { model, tokens, rankedTarget } = run
  return useMemo(
    () => selectedCell({ surface, layer, position }, { model, tokens, rankedTarget }, source),
    [surface, layer, position, model, tokens, rankedTarget, source],
  )
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
  readonly whole: WholeRun | null
  readonly view: LensView
  readonly update: UpdateView
  readonly asking: Asking
  readonly talk: Talk
  readonly named: boolean
}

function OpenedRun(props: OpenedProps) {
  const { open, run, whole, view, update, asking, talk, named } = props
  const { source, error } = useGrid(run, view.surface, whole)
  const address = useSelectedCell(view, run, source)
  const settled = useDeferredValue(address)
  const pinned = view.pins.some((one) => samePin(one, address))
  const pin = (cell: CellAddress) => update(({ pins }) => ({ pins: togglePin(pins, cell) }))
  const done = run.state === 'DONE' && source !== null
  // Plots are drawn to the width that they have.
  const alive = useHydrated()
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
            onPin={() => pin(address)}
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
            onOpen={({ surface, layer, position }) => update({ surface, layer, position })}
            onUnpin={pin}
          />
        </aside>
      )}
      {done && alive && (
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
  const open = useLensRun(id, [created, newest.whole])
  const asking = useAsking(view, update, open.run, setCreated)
  const openNewest = useCallback(
    () => update({ run: null, layer: null, position: null, pins: [] }, 'push'),
    [update],
  )
  const talk = useTalk(open.run, view)
  const named = useNamedCell(view)
  useLensKeys(update)
  const alive = useHydrated()
  // A question of its own stays one: the newest run only lies below it.
  const ownQuestion = view.draft.prompt !== null
  useEffect(() => {
    if (view.run === null && newest.id !== null && !ownQuestion) update({ run: newest.id })
  }, [view.run, newest.id, ownQuestion, update])
  return (
    <main className="page lens-page" id="main" inert={!alive}>
      <h1 className="hidden-text">Lens</h1>
      <AskBar asking={asking} />
      <AnswerLine
        run={open.run}
        onUnedited={view.run === null ? null : asking.runUnedited}
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
        <OpenedRun
          open={open}
          run={open.run}
          whole={newest.whole}
          {...{ view, update, asking, talk, named }}
        />
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
