// Markers of a run -> the threads on each cell of one matrix and factor.
import type { FactorName, MatrixName } from '../../graphql/generated/graphql'
import type { Counted, Marker } from './use-markers'

export type CellMarks = ReadonlyMap<string, Counted>

export const NO_MARKS: CellMarks = new Map()

/** Keys as the grid names its cells: "layer.position". */
export function cellMarks(
  markers: readonly Marker[],
  matrix: MatrixName,
  factor: FactorName,
): CellMarks {
  const marks = new Map<string, Counted>()
  for (const { anchor, threads, unresolved } of markers) {
    const here = anchor.kind === 'CELL' && anchor.matrix === matrix && anchor.factor === factor
    if (here && threads > 0)
      marks.set(`${anchor.layer}.${anchor.position}`, { threads, unresolved })
  }
  return marks.size > 0 ? marks : NO_MARKS
}
