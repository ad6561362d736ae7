// The view, a run and its grid -> the cell that is shown in full.
import { strongestCell, type GridSource } from './grid-model'
import type { CellAddress, LensView, Surface } from './lens-view'
import type { RunFacts } from './use-lens-run'

type Extent = Pick<RunFacts, 'tokens' | 'rankedTarget'> & {
  readonly model: Pick<RunFacts['model'], 'layers'>
}

/** The cell of the address, or the strongest one where the address names none that this run has. */
export function selectedCell(
  { surface, layer, position }: Pick<LensView, 'surface' | 'layer' | 'position'>,
  run: Extent,
  source: GridSource | null,
): CellAddress {
  const { layers } = run.model
  const length = run.tokens.length
  const inside = layer !== null && position !== null && layer < layers && position < length
  if (inside) return { surface, layer, position }
  if (source) return { surface, ...strongestCell(source, run.rankedTarget?.id ?? null) }
  return { surface, layer: layers - 1, position: Math.max(0, length - 1) }
}

/** Imprint and shift are told of the matrices of the MLP. */
export const hasImprint = (surface: Surface): boolean =>
  surface === 'MLP_DOWN' || surface === 'MLP_UP'
