// LensResult -> the layer x position table for people: one matrix, one end, last layer on top, cut to the terminal.
import { projectableFactor, type MatrixName } from '../architectures/hook-points.js'
import type { LensResult, PackedCells, PackedHiddenStates, Token } from '../lens/lens-result.js'
import {
  fitText,
  formatColumns,
  padText,
  textWidth,
  visibleToken,
  type Paint,
} from './terminal-text.js'

export type TableEnd = 'top' | 'bottom'

export interface TableStyle {
  readonly paint: Paint
  /** Columns of the terminal. */
  readonly width: number
}

const LONGEST_CELL = 14
const MASKED = '–'

interface Cell {
  readonly text: string
  readonly kind: 'plain' | 'target' | 'masked'
}

/** The end a matrix is read at: what the update writes is the bottom of a VJP; an input is read at its top. */
export function defaultEnd(matrix: MatrixName): TableEnd {
  return projectableFactor[matrix] === 'vjp' ? 'bottom' : 'top'
}

/** The table of one matrix with its heading and a legend. */
export function formatMatrixTable(
  result: LensResult,
  matrix: MatrixName,
  end: TableEnd,
  style: TableStyle,
): string[] {
  const layers = result.matrices.filter((packed) => packed.matrix === matrix)
  const factor = projectableFactor[matrix]
  const isMasked = (packed: PackedCells, position: number) =>
    factor === 'vjp' && packed.masked[position] === 1
  const rows = layers.map((packed) => ({
    layer: packed.layer,
    cells: Array.from({ length: packed.positions }, (_, position): Cell =>
      isMasked(packed, position)
        ? { text: MASKED, kind: 'masked' }
        : tokenCell(packed, position, end, result),
    ),
  }))
  const name = factor === 'vjp' ? 'VJP' : 'input'
  return [
    style.paint(
      `${matrix}, ${name}: the ${end === 'top' ? 'most' : 'least'} probable token (${end} end)`,
      'bold',
    ),
    ...formatGrid(rows, result, style),
    ...legend(matrix, result),
  ]
}

/** The ordinary logit lens: the most probable token of every hidden state. */
export function formatHiddenTable(result: LensResult, style: TableStyle): string[] {
  const rows = result.hiddenStates.map((packed) => ({
    layer: packed.layer,
    cells: Array.from({ length: packed.positions }, (_, position) =>
      tokenCell(packed, position, 'top', result),
    ),
  }))
  return [
    style.paint('hidden states: the most probable token (logit lens)', 'bold'),
    ...formatGrid(rows, result, style),
  ]
}

/** Per layer, at the prompt's last position: norm of the projected factor, ranks, and the gradient's rank. */
export function formatLayerTable(
  result: LensResult,
  matrix: MatrixName,
  { paint }: TableStyle,
): string[] {
  const last = result.promptLength - 1
  const { ranked } = result.target
  const withAnswer = result.answer.id !== ranked.id
  const rankOf = (token: Token) => `rank of ${visibleToken(token.text)}`
  const heading = [
    'layer',
    'norm',
    rankOf(ranked),
    ...(withAnswer ? [rankOf(result.answer)] : []),
    'gradient rank',
  ]
  const rows = result.matrices
    .filter((packed) => packed.matrix === matrix)
    .map((packed) => [
      String(packed.layer),
      (packed.projectable === 'vjp' ? packed.vjpNorm : packed.inputNorm)[last]!.toPrecision(4),
      showRank(packed.targetRank[last]!),
      ...(withAnswer ? [showRank(packed.answerRank[last]!)] : []),
      gradientRankOf(result, packed),
    ])
    .reverse()
  const place = visibleToken(result.tokens[last]!.text)
  return [
    paint(`${matrix} at the prompt's last position, ${place} (rank 0 = most probable)`, 'bold'),
    ...formatColumns([heading, ...rows], paint),
  ]
}

function gradientRankOf({ gradientRank }: LensResult, { layer, matrix }: PackedCells): string {
  const found = gradientRank.find((entry) => entry.layer === layer && entry.matrix === matrix)
  return found === undefined ? MASKED : String(found.rank)
}

function showRank(rank: number): string {
  return rank < 0 ? MASKED : String(rank)
}

function tokenCell(
  packed: PackedCells | PackedHiddenStates,
  position: number,
  end: TableEnd,
  { texts, target }: LensResult,
): Cell {
  const id = (end === 'top' ? packed.topIds : packed.bottomIds)[position * packed.k]!
  const text = visibleToken(texts[id] ?? `#${id}`)
  if (id !== target.ranked.id) return { text: fitText(text, LONGEST_CELL), kind: 'plain' }
  return { text: `[${fitText(text, LONGEST_CELL - 2)}]`, kind: 'target' }
}

interface GridRow {
  readonly layer: number
  readonly cells: readonly Cell[]
}

/** Last layer on top. Positions that do not fit side by side continue in a further block. */
function formatGrid(
  rows: readonly GridRow[],
  result: LensResult,
  { paint, width }: TableStyle,
): string[] {
  const heads = result.tokens.map((token, position) =>
    fitText(`${position} ${visibleToken(token.text)}`, LONGEST_CELL),
  )
  const widths = heads.map((head, position) =>
    Math.max(textWidth(head), ...rows.map((row) => textWidth(row.cells[position]?.text ?? ''))),
  )
  const label = 'layer'
  const lines: string[] = []
  for (const [start, end] of cutIntoBlocks(widths, width - label.length)) {
    const positions = widths.slice(start, end).map((_, index) => start + index)
    const heading = positions
      .map((position) => padText(heads[position]!, widths[position]!))
      .join('  ')
    if (lines.length > 0) lines.push('')
    lines.push(`${label}  ${paint(heading.trimEnd(), 'bold')}`)
    for (const row of [...rows].reverse()) {
      const cells = positions.map((position) =>
        paintCell(row.cells[position]!, widths[position]!, paint),
      )
      lines.push(
        `${padText(String(row.layer), label.length, 'right')}  ${cells.join('  ')}`.trimEnd(),
      )
    }
  }
  return lines
}

/** Ranges of positions whose columns fit into `width`; at least one column each. */
function cutIntoBlocks(widths: readonly number[], width: number): [start: number, end: number][] {
  const blocks: [number, number][] = []
  let start = 0
  let used = 0
  widths.forEach((column, position) => {
    if (position > start && used + column + 2 > width) {
      blocks.push([start, position])
      start = position
      used = 0
    }
    used += column + 2
  })
  return widths.length > 0 ? [...blocks, [start, widths.length]] : blocks
}

function paintCell(cell: Cell, width: number, paint: Paint): string {
  const padded = padText(cell.text, width)
  if (cell.kind === 'target') return paint(padded, 'bold', 'green')
  return cell.kind === 'masked' ? paint(padded, 'dim') : padded
}

function legend(matrix: MatrixName, { target }: LensResult): string[] {
  const ranked = visibleToken(target.ranked.text)
  const common = `[…] marks the target, ${ranked}; · is a space.`
  if (projectableFactor[matrix] === 'input')
    return [
      `The input is the row that enters the matrix; its own tokens are at the top end. ${common}`,
    ]
  return [
    `The sign is raw: a VJP points to where the loss grows. An update subtracts it, so what it writes is the bottom end.`,
    `${common} ${MASKED} is a VJP of exactly zero: nothing is written there.`,
  ]
}
