// The engine's edit <-> what rows keep of it: a record, and one row of bytes for each delta (float32, little-endian).
import { LensEngineError, deltaNorm, editId, saveEdit } from '@imprint/lens-engine'
import type { Edit, MatrixDelta } from '@imprint/lens-engine'
import { editDeltaKinds } from '../vocabulary/edit-names.js'
import { matrixNames } from '../vocabulary/names.js'
import type { MatrixNameKey } from '../vocabulary/names.js'

/** Everything of an edit but its deltas. */
export type EditRecord = Omit<Edit, 'deltas'>

type Bytes = Uint8Array<ArrayBuffer>

export interface StoredDelta {
  readonly place: number
  readonly layer: number
  readonly matrix: MatrixNameKey
  readonly kind: string
  readonly rank: number | null
  readonly inputWidth: number
  readonly outputWidth: number
  readonly norm: number
  readonly first: Bytes
  readonly second: Bytes | null
  readonly bias: Bytes | null
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Bytes =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)

/** A copy, as the bytes of a row may begin anywhere. */
const valuesOf = (bytes: Uint8Array): Float32Array =>
  new Float32Array(Uint8Array.from(bytes).buffer)

export function toRecord({ deltas: _deltas, ...record }: Edit): EditRecord {
  return record
}

export function toStoredDelta(delta: MatrixDelta, place: number): StoredDelta {
  const { address, inputWidth, outputWidth, kind, bias } = delta
  const lowRank = delta.kind === 'low-rank'
  return {
    ...{ place, kind, inputWidth, outputWidth, layer: address.layer },
    matrix: matrixNames.fromEngine(address.matrix),
    rank: lowRank ? delta.rank : null,
    norm: deltaNorm(delta),
    first: bytesOf(lowRank ? delta.u : delta.values),
    second: lowRank ? bytesOf(delta.v) : null,
    bias: bias === null ? null : bytesOf(bias),
  }
}

/** @throws EDIT_INVALID when the rows are not the edit that its record names */
export function toEngineEdit(record: EditRecord, deltas: readonly StoredDelta[]): Edit {
  const edit = { ...record, deltas: deltas.map(toMatrixDelta) }
  if (editId(edit) === record.id) return edit
  throw new LensEngineError('EDIT_INVALID', 'the stored edit does not have the content it names', {
    details: { edit: record.id, reason: 'CONTENT_CHANGED' },
    cure: 'Compute it again; the database may have been changed by hand.',
  })
}

function toMatrixDelta(stored: StoredDelta): MatrixDelta {
  const { layer, inputWidth, outputWidth, rank, first, second, bias } = stored
  const place = {
    ...{ inputWidth, outputWidth },
    address: { layer, matrix: matrixNames.toEngine(stored.matrix) },
    bias: bias === null ? null : valuesOf(bias),
  }
  return editDeltaKinds.fromEngine(stored.kind) === 'DENSE' || second === null
    ? { kind: 'dense', ...place, values: valuesOf(first) }
    : { kind: 'low-rank', ...place, rank: rank ?? 0, u: valuesOf(first), v: valuesOf(second) }
}

/** Writes the edit as `lens edit` would. @throws DISK_FULL */
export const writeEditFile = (file: string, edit: Edit): number => saveEdit(file, edit)
