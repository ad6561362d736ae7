// A model, examples and a place for a checkpoint -> a trained editor there; a training that was stopped goes on from its file.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { matrixNames, type MatrixAddress } from '../../architectures/hook-points.js'
import { LensEngineError } from '../../errors.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import { describeEditedModel } from '../edit-stack.js'
import { EditLab } from '../shared/edit-lab.js'
import {
  checkEditorModel,
  invalid,
  loadCheckpoint,
  saveCheckpoint,
  type TrainingSource,
} from './editor-checkpoint.js'
import { layOutEditor, PUBLISHED_RANK } from './editor-layout.js'
import { trainEditor, type TrainingEnd, type TrainingProgress } from './train-editor.js'
import { prepareExample, type PreparedExample, type TrainingExample } from './training-example.js'
import {
  defaultTrainingSettings,
  startTraining,
  type BestEditor,
  type LossPoint,
  type TrainingSettings,
  type TrainingState,
} from './training-state.js'

export interface TrainMendOptions {
  readonly examples: readonly TrainingExample[]
  readonly validation: readonly TrainingExample[]
  /** Updates in all, those before a resumption included. */
  readonly updates: number
  /** File of the checkpoint: written at the start, after each validation and at the end. */
  readonly checkpoint: string
  /** Go on from the checkpoint; its matrices, rank and settings are kept. */
  readonly resume?: boolean
  /** The MLP matrices of the last three blocks when absent, as published. */
  readonly matrices?: readonly MatrixAddress[]
  /** Limit of the networks' rank; 1920 when absent, as published. */
  readonly rank?: number
  readonly settings?: Partial<TrainingSettings>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainingProgress) => void
}

export interface TrainedMend {
  readonly end: TrainingEnd
  readonly checkpoint: string
  readonly matrices: readonly string[]
  /** Values of all parameters. */
  readonly parameters: number
  readonly updates: number
  readonly curve: readonly LossPoint[]
  readonly validations: readonly LossPoint[]
  readonly best: Pick<BestEditor, 'updates' | 'loss'> | null
}

/** Blocks at the end of the model whose MLP is edited (MEND, appendix C). */
const LAST_BLOCKS = 3

/** The matrices that MEND edits unless others are named. */
export function defaultMatrices({
  shape,
  architecture,
}: Pick<LoadedModel, 'shape' | 'architecture'>): readonly MatrixAddress[] {
  const mlp = matrixNames.filter(
    (name) => name.startsWith('mlp.') && architecture.matrices.includes(name),
  )
  const first = Math.max(0, shape.layers - LAST_BLOCKS)
  return Array.from({ length: shape.layers - first }, (_, index) => first + index).flatMap(
    (layer) => mlp.map((matrix) => ({ layer, matrix })),
  )
}

/**
 * Trains an editor and keeps it under `checkpoint`. A training that is stopped by its signal ends after the update it is
 * in; resumed, it gives the same numbers as one that was never stopped.
 * @throws MEND_CHECKPOINT_MISSING or MEND_CHECKPOINT_INVALID when resuming from no file, one of another model, or one of other
 * examples; BAD_ARGUMENT when a new
 * training would overwrite a file; NOT_FINITE, DISK_FULL, and the errors of `prepareEditRequest`
 */
export async function trainMend(
  model: LoadedModel,
  options: TrainMendOptions,
): Promise<TrainedMend> {
  const { checkpoint, updates, signal, onProgress } = options
  const examples = options.examples.map((one) => prepareExample(model, one))
  const validation = options.validation.map((one) => prepareExample(model, one))
  const source = { model: describeEditedModel(model), examples: digestOf(examples, validation) }
  const lab = new EditLab(model)
  const state = options.resume === true ? resume(options, source) : begin(lab, options)
  const save = (): void => saveCheckpoint(checkpoint, state, source)
  // A place that cannot be written is found out now, not after the first validation.
  save()
  const end = await trainEditor(lab, state, {
    examples,
    validation,
    updates,
    signal,
    onValidated: save,
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  save()
  return describeTraining(state, checkpoint, end)
}

function begin(lab: EditLab, options: TrainMendOptions): TrainingState {
  if (existsSync(options.checkpoint)) throw wouldOverwrite(options.checkpoint)
  const { matrices = defaultMatrices(lab.model), rank = PUBLISHED_RANK, settings = {} } = options
  const layout = layOutEditor(matrices, rank, (address) => lab.widths(address))
  return startTraining(layout, { ...defaultTrainingSettings, ...settings })
}

const wouldOverwrite = (file: string): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', `${file} is there already`, {
    details: { file },
    cure: 'Go on from it with --resume, or name another file.',
  })

function resume({ checkpoint }: TrainMendOptions, wanted: TrainingSource): TrainingState {
  const { state, source } = loadCheckpoint(checkpoint)
  checkEditorModel(checkpoint, source.model, wanted.model)
  if (source.examples === wanted.examples) return state
  throw invalid(checkpoint, 'OTHER_EXAMPLES', 'it was trained on other examples')
}

function digestOf(...lists: readonly (readonly PreparedExample[])[]): string {
  const hash = createHash('sha256')
  for (const list of lists) {
    const ids = list.map(({ request, paraphraseIds, localityIds }) => [
      request.promptIds,
      request.targetIds,
      paraphraseIds,
      localityIds,
    ])
    hash.update(JSON.stringify(ids))
  }
  return hash.digest('hex')
}

function describeTraining(
  { editor, updates, curve, validations, best }: TrainingState,
  checkpoint: string,
  end: TrainingEnd,
): TrainedMend {
  return {
    end,
    checkpoint,
    matrices: editor.layout.matrices.map(({ key }) => key),
    parameters: [...editor.parameters.values()].reduce((sum, { length }) => sum + length, 0),
    updates,
    curve,
    validations,
    best: best === null ? null : { updates: best.updates, loss: best.loss },
  }
}
