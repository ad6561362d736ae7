// Base64 of export files -> rows as they are stored, each opened once so that nothing unreadable is kept.
import { toEngineEdit } from '../../engine/stored-edit.js'
import type { EditRecord, StoredDelta } from '../../engine/stored-edit.js'
import type { StoredResult } from '../lens-run/lens-result.repository.js'
import { hitsOf } from '../lens-run/pack-result.js'
import type { SearchedCells } from '../lens-run/pack-result.js'
import {
  cellsLayout,
  decodePacked,
  hiddenLayout,
  imprintLayout,
} from '../lens-run/packed-layout.js'
import type { RunSummary } from '../lens-run/run-summary.js'
import type { EditContent, EditRow, RunContent, RunRow } from './contents.js'
import { invalid } from './export-file.js'

type Bytes = Uint8Array<ArrayBuffer>

const bytesOf = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'base64'))

/** @throws UserFailure, RangeError for rows that cannot be read */
export function toStoredRun(content: RunContent, rows: readonly RunRow[]): StoredResult {
  const positions = content.promptLength
  const searched: SearchedCells[] = []
  const projections: StoredResult['projections'][number][] = []
  const layers: StoredResult['layers'][number][] = []
  for (const { layer, matrix, kind, cells } of rows) {
    const bytes = bytesOf(cells)
    if (matrix !== null) {
      const packed = decodePacked(cellsLayout, bytes)
      checkPositions(packed.positions, positions)
      searched.push({ ...packed, layer, matrix, k: packed.entries })
      projections.push({ layer, matrix, cells: bytes })
    } else {
      if (kind !== 'hidden' && !kind?.startsWith('imprint:')) throw invalid(`no kind ${kind}`)
      const packed =
        kind === 'hidden' ? decodePacked(hiddenLayout, bytes) : decodePacked(imprintLayout, bytes)
      checkPositions(packed.positions, positions)
      layers.push({ layer, kind, cells: bytes })
    }
  }
  const { summary, receipt, loss } = content
  return {
    ...{ summary: summary as unknown as RunSummary, receipt, loss, promptLength: positions },
    ...{ projections, layers, hits: hitsOf(searched) },
  }
}

function checkPositions(found: number, expected: number): void {
  if (found !== expected) throw invalid(`cells of ${found} positions in a prompt of ${expected}`)
}

/** @throws LensEngineError EDIT_INVALID when the factors are not those of the edit's digest */
export function toStoredEdit(content: EditContent, rows: readonly EditRow[]): StoredDelta[] {
  const deltas = rows.map((row) => ({
    ...row,
    first: bytesOf(row.first),
    second: row.second === null ? null : bytesOf(row.second),
    bias: row.bias === null ? null : bytesOf(row.bias),
  }))
  deltas.forEach(checkSizes)
  const edit = toEngineEdit(content.record as unknown as EditRecord, deltas)
  if (edit.id !== content.digest) throw invalid('its record is of another edit')
  return deltas
}

/** Four bytes a number. */
function checkSizes({ kind, inputWidth, outputWidth, rank, first, second, bias }: StoredDelta) {
  const low = kind === 'low-rank'
  const wanted = low
    ? [inputWidth * (rank ?? 0), (rank ?? 0) * outputWidth]
    : [inputWidth * outputWidth, 0]
  const found = [first.length / 4, (second?.length ?? 0) / 4]
  const biasFits = bias === null || bias.length === outputWidth * 4
  if (found[0] !== wanted[0] || found[1] !== wanted[1] || !biasFits)
    throw invalid('factors do not have the sizes that they are said to have')
}
