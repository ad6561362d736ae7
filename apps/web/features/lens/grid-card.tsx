'use client'
// The card around the grid: its switches, the grid or what stands in for it, the legend.
import { useMemo } from 'react'
import { Problem } from '../../components/problem'
import { useHydrated } from '../../components/use-hydrated'
import type { CellMarks } from '../comments/cell-marks'
import { useTheme } from '../shell/theme'
import type { Asking } from './use-asking'
import { ExportMenu } from './export-menu'
import { GridToolbar } from './grid-toolbar'
import { buildGrid, type GridModel, type GridSource } from './grid-model'
import { Hint } from './hint'
import { Legend } from './legend'
import { cellKey, type GridSelection } from './grid-moves'
import { HEAD_HEIGHT, ROW_HEIGHT } from './grid-window'
import { LensGrid } from './lens-grid'
import { togglePin, type LensView } from './lens-view'
import { LENSES, matrixFacts } from './matrix-names'
import { showNumber } from './numbers'
import { RunEnded } from './run-ended'
import { RunProgress } from './run-progress'
import { isLive, type OpenRun, type RunFacts } from './use-lens-run'
import type { UpdateView } from './use-lens-view'

export function GridSkeleton({ layers }: { readonly layers: number }) {
  return (
    <div
      className="grid-skeleton"
      style={{ height: HEAD_HEIGHT + layers * ROW_HEIGHT + 2 }}
      aria-hidden
    />
  )
}

function OtherLens({
  run,
  view,
  asking,
  update,
}: {
  readonly run: RunFacts
  readonly view: LensView
  readonly asking: Asking
  readonly update: UpdateView
}) {
  if (view.lens === null || view.lens === run.lens) return null
  const { lens } = view
  return (
    <div className="notice" role="status" data-testid="other-lens">
      <span>
        This run stores the {LENSES[run.lens].label} lens. {LENSES[lens].meaning}
      </span>
      <button
        type="button"
        className="button small primary"
        disabled={asking.busy}
        onClick={() => asking.runWithLens(lens)}
      >
        Run with the {LENSES[lens].label} lens
      </button>
      <button type="button" className="button small" onClick={() => update({ lens: null })}>
        Stay with {LENSES[run.lens].label}
      </button>
    </div>
  )
}

/** Below this length the final norm's epsilon and bias outweigh the gradient, and its words say little. */
const TINY = 0.02

function TinyGradient({ run, source, asking }: Pick<GridCardProps, 'run' | 'source' | 'asking'>) {
  if (source?.kind !== 'matrix' || run.lens !== 'FINAL_NORM' || source.grid.factor !== 'VJP')
    return null
  const largest = Math.max(...source.grid.vjpNorm)
  if (largest >= TINY) return null
  return (
    <div className="notice" role="status" data-testid="tiny-gradient">
      <span>
        The gradient is tiny (largest |δ| {showNumber(largest, 2)}): the model already expects this
        target, and the final norm drowns what is left.
      </span>
      <button
        type="button"
        className="button small"
        disabled={asking.busy}
        onClick={() => asking.runWithLens('NORMALIZED')}
      >
        Read it with the normalized lens
      </button>
    </div>
  )
}

interface GridCardProps {
  readonly open: OpenRun
  readonly run: RunFacts
  readonly source: GridSource | null
  readonly gridFailed: boolean
  readonly view: LensView
  readonly update: UpdateView
  readonly asking: Asking
  readonly selected: GridSelection
  readonly marks: CellMarks
}

/** Keys of the cells of this grid that are pinned. */
function usePinned({ pins }: LensView, { surface }: GridModel): ReadonlySet<string> {
  return useMemo(() => {
    const here = pins.filter((pin) => pin.surface === surface)
    return new Set(here.map((pin) => cellKey(pin.layer, pin.position)))
  }, [pins, surface])
}

function LoadedGrid({
  model,
  run,
  view,
  update,
  selected,
  marks,
}: {
  readonly marks: CellMarks
  readonly model: GridModel
  readonly run: RunFacts
  readonly view: LensView
  readonly update: UpdateView
  readonly selected: GridSelection
}) {
  const theme = useTheme()
  // Its columns are drawn to the width that there is.
  const alive = useHydrated()
  const pinned = usePinned(view, model)
  const what = model.surface === 'HIDDEN' ? 'hidden states' : matrixFacts(model.surface).label
  const select = useMemo(
    () => (place: GridSelection) => update({ layer: place.layer, position: place.position }),
    [update],
  )
  return (
    <>
      {alive ? (
        <LensGrid
          model={model}
          theme={theme}
          selected={selected}
          pinned={pinned}
          marks={marks}
          label={`${what}: ${run.model.layers} layers by ${run.tokens.length} positions`}
          onSelect={select}
          onPin={(place) =>
            update((current) => ({
              pins: togglePin(current.pins, {
                surface: model.surface,
                layer: place.layer,
                position: place.position,
              }),
            }))
          }
        />
      ) : (
        <GridSkeleton layers={model.layers} />
      )}
      <div className="grid-foot">
        <Legend model={model} view={view} update={update} theme={theme} />
        <ExportMenu run={run} model={model} view={{ ...view, run: run.id }} />
      </div>
      <Hint />
    </>
  )
}

export function GridCard({
  open,
  run,
  source,
  gridFailed,
  view,
  update,
  asking,
  selected,
  marks,
}: GridCardProps) {
  const model = useMemo(() => (source ? buildGrid(source, run, view) : null), [source, run, view])
  if (run.state === 'FAILED' || run.state === 'CANCELLED')
    return (
      <section className="card grid">
        <RunEnded run={run} onRetried={open.refetch} />
      </section>
    )
  return (
    <section className="card grid" aria-label="Grid" aria-busy={model === null}>
      <GridToolbar run={run} view={view} update={update} model={model} />
      <OtherLens run={run} view={view} asking={asking} update={update} />
      {view.lens === null && <TinyGradient run={run} source={source} asking={asking} />}
      {isLive(run.state) && <RunProgress run={run} onCancelled={open.refetch} />}
      {model && <LoadedGrid {...{ model, run, view, update, selected, marks }} />}
      {!model && !gridFailed && <GridSkeleton layers={Math.min(run.model.layers, 22)} />}
      {!model && gridFailed && (
        <Problem title="The grid could not be read" message="The API answered with an error.">
          <button type="button" className="button" onClick={open.refetch}>
            Try again
          </button>
        </Problem>
      )}
    </section>
  )
}
