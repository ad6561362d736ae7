// A training <-> a safetensors file: parameters, moments, statistics and the best editor as tensors, the rest as JSON.
import { closeSync, openSync } from 'node:fs'
import { LensEngineError } from '../../errors.js'
import { writeSafetensors, type TensorToWrite } from '../../weights/safetensors-writer.js'
import { readBytes, readSafetensorsHeader } from '../../weights/safetensors.js'
import type { EditedModel } from '../edit.js'
import type { AdamState } from '../shared/adam.js'
import {
  parseCheckpointRecord,
  type CheckpointRecord,
  type CountRecord,
} from './checkpoint-record.js'
import type { Editor } from './editor.js'
import { layOutEditor, type EditorLayout } from './editor-layout.js'
import { RunningStatistics } from './running-statistics.js'
import type { BestEditor, TrainingState } from './training-state.js'

const FORMAT = 'imprint-mend-editor'
const VERSION = '1'

/** What a training was made for. */
export interface TrainingSource {
  readonly model: EditedModel
  /** sha256 of the prepared examples. */
  readonly examples: string
}

/**
 * Writes a checkpoint under `path`, whole or not at all.
 * @throws DISK_FULL, FILE_UNREADABLE
 */
export function saveCheckpoint(path: string, state: TrainingState, source: TrainingSource): void {
  const { editor, settings, updates, curve, validations, best } = state
  const { layout } = editor
  const record: CheckpointRecord = {
    ...source,
    matrices: layout.matrices.map(({ address, inputWidth, outputWidth }) => ({
      layer: address.layer,
      matrix: address.matrix,
      inputWidth,
      outputWidth,
    })),
    rank: layout.rank,
    settings,
    updates,
    counts: countsOf(editor),
    curve,
    validations,
    best:
      best === null
        ? null
        : { updates: best.updates, loss: best.loss, counts: countsOf(best.editor) },
  }
  const tensors = [
    ...editorTensors('', editor),
    ...momentTensors(state),
    ...(best === null ? [] : editorTensors('best.', best.editor)),
  ]
  const metadata = { format: FORMAT, version: VERSION, editor: JSON.stringify(record) }
  writeSafetensors(path, tensors, metadata)
}

const countsOf = ({ statistics }: Editor): CountRecord =>
  Object.fromEntries([...statistics].map(([key, { state }]) => [key, state.count]))

function editorTensors(prefix: string, editor: Editor): readonly TensorToWrite[] {
  const { layout, parameters, statistics } = editor
  return [
    ...layout.parameters.map(({ name, shape }) => ({
      name: `${prefix}parameters.${name}`,
      shape,
      data: parameters.get(name) as Float32Array,
    })),
    ...[...statistics].flatMap(([key, { state }]) =>
      (['mean', 'squares'] as const).map((part) => ({
        name: `${prefix}statistics.${key}.${part}`,
        shape: [state[part].length],
        data: state[part],
      })),
    ),
  ]
}

function momentTensors({ editor, moments }: TrainingState): readonly TensorToWrite[] {
  return editor.layout.parameters.flatMap(({ name, shape }) => {
    const { first, second } = moments.get(name) as AdamState
    return [
      { name: `moments.first.${name}`, shape, data: first as Float32Array },
      { name: `moments.second.${name}`, shape, data: second as Float32Array },
    ]
  })
}

export interface LoadedCheckpoint {
  readonly source: TrainingSource
  readonly state: TrainingState
}

/** The best editor of a checkpoint, or its last where none was validated. */
export interface LoadedEditor {
  readonly model: EditedModel
  readonly editor: Editor
  /** Updates it was trained with. */
  readonly updates: number
}

/** Everything, to go on training. @throws as `loadEditor` */
export const loadCheckpoint = (path: string): LoadedCheckpoint =>
  withFile(path, (file) => {
    const { record, layout } = file
    const { model, examples, settings, updates } = record
    const editor = readEditor(file, '', record.counts)
    const moments = new Map(
      layout.parameters.map(({ name, shape }): [string, AdamState] => [
        name,
        {
          steps: updates,
          first: file.tensor(`moments.first.${name}`, shape),
          second: file.tensor(`moments.second.${name}`, shape),
        },
      ]),
    )
    const [curve, validations] = [[...record.curve], [...record.validations]]
    const best = readBest(file)
    const state = { settings, editor, moments, curve, validations, updates, best }
    return { source: { model, examples }, state }
  })

/**
 * The editor alone, to edit with.
 * @throws MEND_CHECKPOINT_MISSING; MEND_CHECKPOINT_INVALID with `details.reason`
 */
export const loadEditor = (path: string): LoadedEditor =>
  withFile(path, (file) => {
    const { record } = file
    const best = readBest(file)
    return {
      model: record.model,
      editor: best?.editor ?? readEditor(file, '', record.counts),
      updates: best?.updates ?? record.updates,
    }
  })

interface CheckpointFile {
  readonly record: CheckpointRecord
  readonly layout: EditorLayout
  tensor(name: string, shape: readonly number[]): Float32Array
}

function readBest(file: CheckpointFile): BestEditor | null {
  const { best } = file.record
  if (best === null) return null
  const { updates, loss } = best
  return { updates, loss, editor: readEditor(file, 'best.', best.counts) }
}

function readEditor({ layout, tensor }: CheckpointFile, prefix: string, counts: CountRecord) {
  const parameters = new Map(
    layout.parameters.map(({ name, shape }) => [
      name,
      tensor(`${prefix}parameters.${name}`, shape),
    ]),
  )
  const statistics = new Map(
    layout.networks.map(({ key, width }) => {
      const [mean, squares] = ['mean', 'squares'].map((part) =>
        tensor(`${prefix}statistics.${key}.${part}`, [width]),
      ) as [Float32Array, Float32Array]
      return [key, new RunningStatistics({ count: counts[key] ?? 0, mean, squares })] as const
    }),
  )
  return { layout, parameters, statistics }
}

function withFile<T>(path: string, use: (file: CheckpointFile) => T): T {
  const descriptor = open(path)
  try {
    return use(readFile(descriptor, path))
  } catch (error) {
    if (!(error instanceof LensEngineError) || error.code !== 'WEIGHTS_INVALID') throw error
    throw invalid(path, String(error.details['reason']), error.message)
  } finally {
    closeSync(descriptor)
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw new LensEngineError(
      'MEND_CHECKPOINT_MISSING',
      `there is no editor that can be read at ${path}`,
      {
        details: { file: path },
        cure: 'Train one: `lens train-mend --model M --dataset counterfact.json --steps 1000`.',
        cause: error,
      },
    )
  }
}

function readFile(descriptor: number, path: string): CheckpointFile {
  const { metadata, tensors } = readSafetensorsHeader(descriptor, path)
  if (metadata.get('format') !== FORMAT || metadata.get('version') !== VERSION) {
    throw invalid(path, 'NO_EDITOR', `it is a safetensors file, but no ${FORMAT} of this version`)
  }
  const record = parseCheckpointRecord(metadata.get('editor') ?? '')
  if ('problem' in record) throw invalid(path, 'BAD_RECORD', record.problem)
  const layout = readLayout(record, path)
  const tensor = (name: string, shape: readonly number[]): Float32Array => {
    const found = tensors.find((one) => one.name === name)
    if (found?.dtype !== 'F32' || found.shape.join() !== shape.join()) {
      throw invalid(path, 'BAD_TENSOR', `${name} is absent or is not F32 [${shape.join(', ')}]`)
    }
    const bytes = Uint8Array.from(readBytes(descriptor, found.offset, found.length, path))
    const values = new Float32Array(bytes.buffer)
    if (values.every(Number.isFinite)) return values
    throw invalid(path, 'NOT_FINITE', `${name} holds NaN or infinity`)
  }
  return { record, layout, tensor }
}

function readLayout({ matrices, rank }: CheckpointRecord, path: string): EditorLayout {
  const widths = new Map(
    matrices.map(({ layer, matrix, inputWidth, outputWidth }) => [
      `${layer}.${matrix}`,
      [inputWidth, outputWidth] as const,
    ]),
  )
  try {
    return layOutEditor(
      matrices.map(({ layer, matrix }) => ({ layer, matrix })),
      rank,
      ({ layer, matrix }) => widths.get(`${layer}.${matrix}`) as readonly [number, number],
    )
  } catch (error) {
    throw invalid(path, 'BAD_RECORD', (error as Error).message)
  }
}

/** @throws MEND_CHECKPOINT_INVALID when an editor was trained on other weights */
export function checkEditorModel(path: string, editor: EditedModel, model: EditedModel): void {
  const digests = [editor, model].map(({ weightsDigest }) => weightsDigest.slice(0, 12))
  if (editor.weightsDigest === model.weightsDigest) return
  const [madeFor, found] = digests as [string, string]
  throw invalid(
    path,
    'WRONG_MODEL',
    `the editor was trained on ${editor.name} (${madeFor}), not on ${model.name} (${found})`,
  )
}

export function invalid(file: string, reason: string, message: string): LensEngineError {
  return new LensEngineError('MEND_CHECKPOINT_INVALID', `${file}: ${message}`, {
    details: { file, reason },
    cure: 'Use a file that `lens train-mend` wrote for this model, copied whole, or train one.',
  })
}
