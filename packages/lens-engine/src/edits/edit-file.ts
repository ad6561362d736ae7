// An edit <-> a safetensors file: its arrays as tensors, everything else as JSON in the header. Equal edits give equal bytes.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { asWriteFailure } from '../weights/atomic-file.js'
import {
  safetensorsBytes,
  writeSafetensors,
  type TensorToWrite,
} from '../weights/safetensors-writer.js'
import { readBytes, readSafetensorsHeader, type SafetensorsHeader } from '../weights/safetensors.js'
import { editId, type Edit } from './edit.js'
import { parseEditRecord, type DeltaRecord, type EditRecord } from './edit-record.js'
import { checkDelta, type MatrixDelta } from './matrix-delta.js'

const FORMAT = 'imprint-edit'
const VERSION = '1'

/**
 * Writes an edit under `path`, whole or not at all.
 * @returns bytes written
 * @throws DISK_FULL, FILE_UNREADABLE
 */
export function saveEdit(path: string, edit: Edit): number {
  return writeSafetensors(path, edit.deltas.flatMap(tensorsOf), metadataOf(edit))
}

/** The bytes of the file that `saveEdit` writes. */
export function editFileBytes(edit: Edit): Uint8Array {
  return safetensorsBytes(edit.deltas.flatMap(tensorsOf), metadataOf(edit))
}

function metadataOf(edit: Edit): Readonly<Record<string, string>> {
  const record: EditRecord = {
    id: edit.id,
    method: edit.method,
    hyperparameters: edit.hyperparameters,
    requests: edit.requests,
    model: edit.model,
    outcome: edit.outcome,
    deltas: edit.deltas.map(describeDelta),
    trace: edit.trace,
    warnings: edit.warnings,
    cost: edit.cost,
    receipt: edit.receipt,
  }
  return { format: FORMAT, version: VERSION, edit: JSON.stringify(record) }
}

function describeDelta(delta: MatrixDelta): DeltaRecord {
  const { kind, address, inputWidth, outputWidth } = delta
  const rank = delta.kind === 'low-rank' ? delta.rank : null
  const { layer, matrix } = address
  return { kind, layer, matrix, inputWidth, outputWidth, rank, bias: delta.bias !== null }
}

function tensorsOf(delta: MatrixDelta, index: number): readonly TensorToWrite[] {
  const { inputWidth, outputWidth, bias } = delta
  const name = (part: string): string => `delta.${index}.${part}`
  const parts: readonly TensorToWrite[] =
    delta.kind === 'low-rank'
      ? [
          { name: name('u'), shape: [inputWidth, delta.rank], data: delta.u },
          { name: name('v'), shape: [delta.rank, outputWidth], data: delta.v },
        ]
      : [{ name: name('values'), shape: [inputWidth, outputWidth], data: delta.values }]
  return bias === null
    ? parts
    : [...parts, { name: name('bias'), shape: [outputWidth], data: bias }]
}

/**
 * Reads an edit and checks that its content has the id it claims.
 * @throws EDIT_INVALID with `details.reason`; FILE_UNREADABLE
 */
export function loadEdit(path: string): Edit {
  const descriptor = open(path)
  try {
    return readOpenFile(descriptor, path)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * As `loadEdit`, from the bytes of a file, such as an upload.
 * @param name stands for the file in messages
 * @throws EDIT_INVALID with `details.reason`; DISK_FULL
 */
export function readEditBytes(bytes: Uint8Array, name: string): Edit {
  const directory = mkdtempSync(join(tmpdir(), 'imprint-edit-'))
  const path = join(directory, 'edit.safetensors')
  try {
    writeFileSync(path, bytes)
    const descriptor = open(path)
    try {
      return readOpenFile(descriptor, name)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw asWriteFailure(error, path)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @param path of the file in messages */
function readOpenFile(descriptor: number, path: string): Edit {
  const header = readHeader(descriptor, path)
  const record = readRecord(header, path)
  const deltas = record.deltas.map((one, index) =>
    readDelta({ descriptor, header, path }, one, index),
  )
  const used = record.deltas.reduce((sum, one) => sum + partsOf(one).length, 0)
  if (used !== header.tensors.length) {
    throw editInvalid(path, 'FOREIGN_TENSORS', 'it holds tensors that no delta names')
  }
  const edit = { ...record, deltas }
  if (editId(edit) !== record.id) {
    throw editInvalid(path, 'CONTENT_CHANGED', 'its content does not have the id it claims')
  }
  return edit
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw new LensEngineError('FILE_UNREADABLE', `${path} cannot be read: ${String(error)}`, {
      details: { file: path },
      cure: 'Check that the file is there and that this user may read it.',
      cause: error,
    })
  }
}

function readHeader(descriptor: number, path: string): SafetensorsHeader {
  try {
    return readSafetensorsHeader(descriptor, path)
  } catch (error) {
    if (!(error instanceof LensEngineError) || error.code !== 'WEIGHTS_INVALID') throw error
    const reason = String(error.details['reason'])
    throw editInvalid(path, reason, `it is no whole safetensors file (${error.message})`)
  }
}

function readRecord({ metadata }: SafetensorsHeader, path: string): EditRecord {
  if (metadata.get('format') !== FORMAT) {
    throw editInvalid(path, 'NO_EDIT', 'it is a safetensors file, but holds no edit')
  }
  const version = metadata.get('version')
  if (version !== VERSION) {
    throw editInvalid(
      path,
      'VERSION',
      `its version is ${version ?? 'absent'}, this reads ${VERSION}`,
    )
  }
  const parsed = parseEditRecord(metadata.get('edit') ?? '')
  if ('problem' in parsed) throw editInvalid(path, 'BAD_RECORD', parsed.problem)
  return parsed
}

interface OpenFile {
  readonly descriptor: number
  readonly header: SafetensorsHeader
  readonly path: string
}

const partsOf = ({ kind, bias }: DeltaRecord): readonly string[] => [
  ...(kind === 'low-rank' ? ['u', 'v'] : ['values']),
  ...(bias ? ['bias'] : []),
]

function readDelta(file: OpenFile, record: DeltaRecord, index: number): MatrixDelta {
  const { layer, matrix, inputWidth, outputWidth, rank } = record
  const shapes: Readonly<Record<string, readonly number[]>> = {
    u: [inputWidth, rank ?? 0],
    v: [rank ?? 0, outputWidth],
    values: [inputWidth, outputWidth],
    bias: [outputWidth],
  }
  const part = (name: string): Float32Array =>
    readTensor(file, `delta.${index}.${name}`, shapes[name] as readonly number[])
  const bias = record.bias ? part('bias') : null
  const place = { address: { layer, matrix }, inputWidth, outputWidth, bias }
  const delta: MatrixDelta =
    record.kind === 'low-rank'
      ? { kind: 'low-rank', ...place, rank: rank ?? 0, u: part('u'), v: part('v') }
      : { kind: 'dense', ...place, values: part('values') }
  try {
    checkDelta(delta)
  } catch (error) {
    throw editInvalid(file.path, 'BAD_DELTA', (error as Error).message)
  }
  return delta
}

function readTensor(
  { descriptor, header, path }: OpenFile,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = header.tensors.find((one) => one.name === name)
  if (tensor === undefined) throw editInvalid(path, 'MISSING_TENSOR', `it lacks the tensor ${name}`)
  if (tensor.dtype !== 'F32' || tensor.shape.join() !== shape.join()) {
    const found = `${tensor.dtype} [${tensor.shape.join(', ')}]`
    throw editInvalid(path, 'BAD_TENSOR', `${name} is ${found}, not F32 [${shape.join(', ')}]`)
  }
  const bytes = readBytes(descriptor, tensor.offset, tensor.length, path)
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

function editInvalid(file: string, reason: string, message: string): LensEngineError {
  return new LensEngineError('EDIT_INVALID', `${file}: ${message}`, {
    details: { file, reason },
    cure: 'Use a file that `lens edit` wrote, copied whole.',
  })
}
