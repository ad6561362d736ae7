// Packed rows -> the cells, grids and imprints of the GraphQL schema.
import { factorNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import { projectableFactorOf } from './matrix-factor.js'
import type { Cell, HiddenCell, HiddenGrid, LensGrid } from './cell.type.js'
import type { ImprintAndShift, ImprintNeuron } from './gradient.type.js'
import type { PackedCellRow, PackedHiddenRow, PackedImprintRow } from './packed-layout.js'
import type { ScoredToken } from './token.type.js'

type Texts = Readonly<Record<string, string>>

export interface CellPlace {
  readonly layer: number
  readonly position: number
  readonly matrix: MatrixNameKey
}

/** Six significant digits: enough for any display, and half the bytes of a float64's shortest form. */
export function round6(value: number): number {
  return Number(value.toPrecision(6))
}

interface End {
  readonly ids: Int32Array
  readonly logits: Float32Array
  readonly probabilities: Float32Array
}

function tokensAt(
  { ids, logits, probabilities }: End,
  position: number,
  entries: number,
  texts: Texts,
): ScoredToken[] {
  return Array.from({ length: entries }, (_, place) => {
    const index = position * entries + place
    const id = ids[index] as number
    return {
      id,
      text: texts[id] ?? '',
      logit: logits[index] as number,
      probability: probabilities[index] as number,
    }
  })
}

const topOf = (row: PackedCellRow | PackedHiddenRow): End => ({
  ids: row.topIds,
  logits: row.topLogits,
  probabilities: row.topProbabilities,
})

const bottomOf = (row: PackedCellRow | PackedHiddenRow): End => ({
  ids: row.bottomIds,
  logits: row.bottomLogits,
  probabilities: row.bottomProbabilities,
})

const rankOrNull = (rank: number | undefined): number | null =>
  rank === undefined || rank < 0 ? null : rank

export function readCell(
  row: PackedCellRow,
  place: CellPlace,
  factor: FactorNameKey,
  texts: Texts,
): Cell {
  const { position, matrix } = place
  const inputNorm = row.inputNorm[position] as number
  const vjpNorm = row.vjpNorm[position] as number
  const masked = row.masked[position] === 1
  const projectable = factor === projectableFactorOf(matrix)
  const shown = projectable && !(masked && factor === 'VJP')
  return {
    ...place,
    factor,
    norm: factor === 'INPUT' ? inputNorm : vjpNorm,
    otherNorm: factor === 'INPUT' ? vjpNorm : inputNorm,
    masked,
    targetRank: shown ? rankOrNull(row.targetRank[position]) : null,
    answerRank: shown ? rankOrNull(row.answerRank[position]) : null,
    top: shown ? tokensAt(topOf(row), position, row.entries, texts) : null,
    bottom: shown ? tokensAt(bottomOf(row), position, row.entries, texts) : null,
  }
}

export function readHiddenCell(
  row: PackedHiddenRow,
  layer: number,
  position: number,
  texts: Texts,
): HiddenCell {
  return {
    layer,
    position,
    norm: row.norm[position] as number,
    targetRank: row.targetRank[position] as number,
    answerRank: row.answerRank[position] as number,
    top: tokensAt(topOf(row), position, row.entries, texts),
    bottom: tokensAt(bottomOf(row), position, row.entries, texts),
  }
}

/** The first entry of every position: the token at the very end. */
function firstOfEach<Values extends Int32Array | Float32Array>(
  values: Values,
  row: PackedCellRow | PackedHiddenRow,
): number[] {
  return Array.from(
    { length: row.positions },
    (_, position) => values[position * row.entries] as number,
  )
}

export function readGrid(rows: readonly PackedCellRow[], matrix: MatrixNameKey): LensGrid {
  const factor = projectableFactorOf(matrix)
  const inputNorm = rows.flatMap((row) => Array.from(row.inputNorm, round6))
  const vjpNorm = rows.flatMap((row) => Array.from(row.vjpNorm, round6))
  return {
    matrix,
    factor,
    layers: rows.length,
    positions: rows[0]?.positions ?? 0,
    norm: factor === factorNames.values.INPUT ? inputNorm : vjpNorm,
    inputNorm,
    vjpNorm,
    masked: rows.flatMap((row) => Array.from(row.masked, (flag) => flag === 1)),
    targetRank: rows.flatMap((row) => Array.from(row.targetRank)),
    answerRank: rows.flatMap((row) => Array.from(row.answerRank)),
    topIds: rows.flatMap((row) => firstOfEach(row.topIds, row)),
    topProbabilities: rows.flatMap((row) => firstOfEach(row.topProbabilities, row).map(round6)),
    bottomIds: rows.flatMap((row) => firstOfEach(row.bottomIds, row)),
    bottomProbabilities: rows.flatMap((row) =>
      firstOfEach(row.bottomProbabilities, row).map(round6),
    ),
  }
}

export function readHiddenGrid(rows: readonly PackedHiddenRow[]): HiddenGrid {
  return {
    layers: rows.length,
    positions: rows[0]?.positions ?? 0,
    norm: rows.flatMap((row) => Array.from(row.norm, round6)),
    targetRank: rows.flatMap((row) => Array.from(row.targetRank)),
    answerRank: rows.flatMap((row) => Array.from(row.answerRank)),
    topIds: rows.flatMap((row) => firstOfEach(row.topIds, row)),
    topProbabilities: rows.flatMap((row) => firstOfEach(row.topProbabilities, row).map(round6)),
  }
}

export function readImprint(row: PackedImprintRow, place: CellPlace): ImprintAndShift {
  const { position } = place
  const neurons = (ids: Int32Array, change: Float32Array): ImprintNeuron[] =>
    Array.from({ length: row.entries }, (_, entry) => {
      const index = position * row.entries + entry
      return { neuron: ids[index] as number, change: change[index] as number }
    })
  return {
    ...place,
    own: neurons(row.ownIds, row.ownChange),
    full: neurons(row.fullIds, row.fullChange),
    shiftOwnNorm: row.shiftOwnNorm[position] as number,
    shiftFullNorm: row.shiftFullNorm[position] as number,
    shiftTargetLogit: row.shiftTargetLogit[position] as number,
  }
}
