// Reads the results of a run: one cell, a page of cells, a whole grid.
import { badCursor } from '../../errors/input-error.js'
import { decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import type { Connection } from '../../pagination/connection.js'
import { factorNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import type { Cell, HiddenCell, HiddenGrid, LensGrid } from './cell.type.js'
import type { ImprintAndShift } from './gradient.type.js'
import type { LensResultRepository } from './lens-result.repository.js'
import { projectableFactorOf } from './matrix-factor.js'
import { cellsLayout, decodePacked, hiddenLayout, imprintLayout } from './packed-layout.js'
import type { PackedCellRow } from './packed-layout.js'
import { readCell, readGrid, readHiddenCell, readHiddenGrid, readImprint } from './read-cells.js'
import type { RunSummary } from './run-summary.js'

export interface CellAddress {
  readonly layer: number
  readonly position: number
  readonly matrix: MatrixNameKey
  readonly factor: FactorNameKey | null
}

export type CellFilter = { readonly [Key in keyof CellAddress]: CellAddress[Key] | null }

export interface CellPage {
  readonly first: number | null
  readonly after: string | null
}

interface NumberedCell extends CellAddress {
  readonly number: number
  readonly factor: FactorNameKey
}

export class LensResultService {
  readonly #results: LensResultRepository

  constructor(results: LensResultRepository) {
    this.#results = results
  }

  async grid(runId: string, matrix: MatrixNameKey): Promise<LensGrid | null> {
    const rows = await this.#results.projections(runId, matrix)
    return rows.length === 0
      ? null
      : readGrid(
          rows.map((row) => decodePacked(cellsLayout, row.cells)),
          matrix,
        )
  }

  async hiddenGrid(runId: string): Promise<HiddenGrid | null> {
    const rows = await this.#results.layerReadings(runId, 'hidden')
    return rows.length === 0
      ? null
      : readHiddenGrid(rows.map((row) => decodePacked(hiddenLayout, row.cells)))
  }

  async cell(runId: string, address: CellAddress): Promise<Cell | null> {
    const { layer, position, matrix } = address
    const [row] = await this.#results.projections(runId, matrix, layer)
    const summary = await this.#summary(runId)
    if (row === undefined || summary === null) return null
    const packed = decodePacked(cellsLayout, row.cells)
    if (!has(packed, position)) return null
    return readCell(
      packed,
      { layer, position, matrix },
      address.factor ?? projectableFactorOf(matrix),
      summary.texts,
    )
  }

  async hiddenCell(runId: string, layer: number, position: number): Promise<HiddenCell | null> {
    const [row] = await this.#results.layerReadings(runId, 'hidden', layer)
    const summary = await this.#summary(runId)
    if (row === undefined || summary === null) return null
    const packed = decodePacked(hiddenLayout, row.cells)
    return has(packed, position) ? readHiddenCell(packed, layer, position, summary.texts) : null
  }

  async imprint(runId: string, layer: number, position: number): Promise<ImprintAndShift[]> {
    const found: ImprintAndShift[] = []
    for (const matrix of ['MLP_GATE', 'MLP_UP'] as const) {
      const [row] = await this.#results.layerReadings(runId, `imprint:${matrix}`, layer)
      const packed = row && decodePacked(imprintLayout, row.cells)
      if (packed && has(packed, position))
        found.push(readImprint(packed, { layer, position, matrix }))
    }
    return found
  }

  async cells(runId: string, filter: CellFilter, page: CellPage): Promise<Connection<Cell>> {
    const first = pageSize(page.first)
    const after = page.after === null ? -1 : cellNumberOf(page.after)
    const summary = await this.#summary(runId)
    const addresses = summary === null ? [] : addressesOf(summary, filter)
    const rest = addresses.filter(({ number }) => number > after)
    const shown = rest.slice(0, first)
    const nodes = summary === null ? [] : await this.#readCells(runId, shown, summary.texts)
    const edges = nodes.map((node, index) => ({
      node,
      cursor: cursorOf(shown[index] as NumberedCell),
    }))
    return {
      edges,
      totalCount: addresses.length,
      pageInfo: {
        hasNextPage: rest.length > first,
        hasPreviousPage: page.after !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }

  async #readCells(
    runId: string,
    addresses: readonly NumberedCell[],
    texts: RunSummary['texts'],
  ): Promise<Cell[]> {
    const rows = new Map<string, PackedCellRow>()
    const cells: Cell[] = []
    for (const { layer, position, matrix, factor } of addresses) {
      const key = `${matrix} ${layer}`
      if (!rows.has(key)) {
        const [row] = await this.#results.projections(runId, matrix, layer)
        if (row === undefined) continue
        rows.set(key, decodePacked(cellsLayout, row.cells))
      }
      cells.push(
        readCell(rows.get(key) as PackedCellRow, { layer, position, matrix }, factor, texts),
      )
    }
    return cells
  }

  async #summary(runId: string): Promise<RunSummary | null> {
    return (await this.#results.heads([runId])).get(runId)?.summary ?? null
  }
}

function has({ positions }: { positions: number }, position: number): boolean {
  return Number.isInteger(position) && position >= 0 && position < positions
}

/** Every cell of a run that passes the filter, numbered by matrix, layer, position, factor whatever the filter is. */
function addressesOf(summary: RunSummary, filter: CellFilter): NumberedCell[] {
  const wanted = <Value>(value: Value, only: Value | null): boolean =>
    only === null || only === value
  const addresses: NumberedCell[] = []
  let number = 0
  for (const matrix of summary.matrices) {
    for (let layer = 0; layer < summary.layers; layer += 1) {
      for (let position = 0; position < summary.tokens.length; position += 1) {
        for (const factor of factorNames.keys) {
          const passes =
            wanted(matrix, filter.matrix) &&
            wanted(layer, filter.layer) &&
            wanted(position, filter.position)
          if (passes && wanted(factor, filter.factor))
            addresses.push({ number, matrix, layer, position, factor })
          number += 1
        }
      }
    }
  }
  return addresses
}

const cursorOf = ({ number }: NumberedCell): string => encodeCursor([number])

function cellNumberOf(cursor: string): number {
  const number = decodeCursor(cursor, 1)?.[0]
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw badCursor(cursor)
  return number
}
