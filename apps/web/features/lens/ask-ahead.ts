// An address of the lens -> answers that are sent with the page: its run, the grid, and the cell that is shown in full.
import { Ahead } from '../../graphql/ahead'
import {
  AskModelsDocument,
  ImprintDocument,
  LensCellDocument,
  LensGridDocument,
  LensRunDocument,
  NewestRunDocument,
  type LensGridPartsFragment,
  type LensRunPartsFragment,
  type MatrixName,
} from '../../graphql/generated/graphql'
import type { LensView } from './lens-view'
import { hasImprint, selectedCell } from './selected-cell'

interface Opened {
  readonly run: LensRunPartsFragment
  readonly grid: LensGridPartsFragment
}

async function askGrid(ahead: Ahead, id: string, matrix: MatrixName) {
  return (await ahead.ask(LensGridDocument, { id, matrix }))?.lensRun?.grid ?? null
}

async function openNewest(ahead: Ahead, matrix: MatrixName): Promise<Opened | null> {
  const run = (await ahead.ask(NewestRunDocument, {}))?.lensRuns.edges[0]?.node
  if (!run) return null
  const grid = run.grid?.matrix === matrix ? run.grid : await askGrid(ahead, run.id, matrix)
  return grid && { run, grid }
}

async function openNamed(ahead: Ahead, id: string, matrix: MatrixName): Promise<Opened | null> {
  const [run, grid] = await Promise.all([
    ahead.ask(LensRunDocument, { id }).then((data) => data?.lensRun ?? null),
    askGrid(ahead, id, matrix),
  ])
  return run && grid && { run, grid }
}

/** null where there is no finished run to show: what happens to the others is told by the page itself. */
export async function askLensAhead(view: LensView): Promise<Ahead['answers'] | null> {
  const { surface } = view
  if (surface === 'HIDDEN') return null
  const ahead = new Ahead()
  const models = ahead.ask(AskModelsDocument, {})
  const opened =
    view.run === null ? await openNewest(ahead, surface) : await openNamed(ahead, view.run, surface)
  if (opened?.run.state !== 'DONE') return null
  const { run, grid } = opened
  const { layer, position } = selectedCell(view, run, { kind: 'matrix', grid })
  const place = { id: run.id, layer, position }
  await Promise.all([
    models,
    ahead.ask(LensCellDocument, { ...place, matrix: surface }),
    hasImprint(surface) && ahead.ask(ImprintDocument, place),
  ])
  return ahead.answers
}
