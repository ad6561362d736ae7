// The engine's result -> the rows that are stored.
import type { LensResult, PackedCells } from '../../engine/engine-vocabulary.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import type { LayerRow, ProjectionRow, StoredResult, TokenHits } from './lens-result.repository.js'
import { projectableFactorOf } from './matrix-factor.js'
import { cellsLayout, encodePacked, hiddenLayout, imprintLayout } from './packed-layout.js'
import type { RunSummary } from './run-summary.js'

/** Tokens of either end of a cell that the token search knows. */
const searchedPlaces = 3

export function packResult(result: LensResult): StoredResult {
  return {
    summary: summaryOf(result),
    receipt: JSON.parse(JSON.stringify(result.receipt)),
    loss: result.loss,
    promptLength: result.promptLength,
    projections: result.matrices.map(projectionRow),
    layers: [...hiddenRows(result), ...imprintRows(result)],
    hits: tokenHits(result.matrices),
  }
}

function summaryOf(result: LensResult): RunSummary {
  const matrices = [...new Set(result.matrices.map(({ matrix }) => matrixNames.fromEngine(matrix)))]
  return {
    tokens: [...result.tokens],
    target: { tokens: [...result.target.tokens], ranked: result.target.ranked },
    answer: result.answer,
    next: [...result.next],
    matrices: matrices.sort((a, b) => matrixNames.keys.indexOf(a) - matrixNames.keys.indexOf(b)),
    layers: 1 + Math.max(...result.matrices.map(({ layer }) => layer)),
    texts: result.texts,
    gradientRank: result.gradientRank.map((entry) => ({
      ...entry,
      matrix: matrixNames.fromEngine(entry.matrix),
    })),
    gradientCheck: result.gradientCheck.map((entry) => ({
      ...entry,
      matrix: matrixNames.fromEngine(entry.matrix),
    })),
  }
}

function projectionRow(cells: PackedCells): ProjectionRow {
  const packed = encodePacked(cellsLayout, { ...cells, entries: cells.k })
  return { layer: cells.layer, matrix: matrixNames.fromEngine(cells.matrix), cells: packed }
}

function hiddenRows(result: LensResult): LayerRow[] {
  return result.hiddenStates.map((states) => ({
    layer: states.layer,
    kind: 'hidden',
    cells: encodePacked(hiddenLayout, { ...states, entries: states.k }),
  }))
}

function imprintRows(result: LensResult): LayerRow[] {
  return result.imprint.map((imprint) => ({
    layer: imprint.layer,
    kind: `imprint:${matrixNames.fromEngine(imprint.matrix)}`,
    cells: encodePacked(imprintLayout, { ...imprint, entries: imprint.neurons }),
  }))
}

/** What the token search reads of one matrix in one layer. */
export type SearchedCells = Pick<
  PackedCells,
  'layer' | 'positions' | 'k' | 'masked' | 'topIds' | 'bottomIds'
> & { readonly matrix: MatrixNameKey }

const tokenHits = (matrices: readonly PackedCells[]): TokenHits =>
  hitsOf(matrices.map((cells) => ({ ...cells, matrix: matrixNames.fromEngine(cells.matrix) })))

/** The first tokens of both ends of every cell that is not masked. */
export function hitsOf(matrices: readonly SearchedCells[]): TokenHits {
  const hits: TokenHits = {
    tokenIds: [],
    layers: [],
    matrices: [],
    factors: [],
    positions: [],
    atTop: [],
    places: [],
  }
  for (const cells of matrices) addHits(hits, cells)
  return hits
}

function addHits(hits: TokenHits, cells: SearchedCells): void {
  const { matrix } = cells
  const factor = projectableFactorOf(matrix)
  for (let position = 0; position < cells.positions; position += 1) {
    if (factor === 'VJP' && cells.masked[position] === 1) continue
    for (const [atTop, ids] of [
      [true, cells.topIds],
      [false, cells.bottomIds],
    ] as const) {
      for (let place = 0; place < Math.min(searchedPlaces, cells.k); place += 1) {
        hits.tokenIds.push(ids[position * cells.k + place] as number)
        hits.layers.push(cells.layer)
        hits.matrices.push(matrix)
        hits.factors.push(factor)
        hits.positions.push(position)
        hits.atTop.push(atTop)
        hits.places.push(place)
      }
    }
  }
}
