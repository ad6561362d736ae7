// Trained editors for MEND under Imprint's home: one for each model's weights; the bundled model's is trained on the way.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { MatrixAddress } from '../architectures/hook-points.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import type { EditProgress } from '../edits/edit-method.js'
import { trainMend, type TrainMendOptions } from '../edits/mend/train-mend.js'
import { LensEngineError } from '../errors.js'
import { findRepositoryRoot } from '../models/home.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { isBundled } from './bundled-model.js'
import { chooseExamples, defaultExampleOptions, trainingFacts } from './mend-examples.js'

export interface EditorOptions {
  readonly home: string
  /** What is trained in place of `bundledTraining`. */
  readonly training?: EditorTraining | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: EditProgress) => void) | undefined
}

/** Where the editor of a model is kept unless another place is named. */
export function editorPath(home: string, { files }: Pick<LoadedModel, 'files'>): string {
  return join(home, 'mend-editors', files.weightsDigest.slice(0, 16), 'editor.safetensors')
}

export type EditorTraining = Pick<TrainMendOptions, 'updates' | 'rank' | 'matrices' | 'settings'>

/** How the bundled model's editor is trained on the way: the best of what was tried (docs/edits/mend-training.md). */
export const bundledTraining = {
  updates: 200,
  rank: 64,
  matrices: [5, 6, 7].flatMap((layer): readonly MatrixAddress[] => [
    { layer, matrix: 'mlp.up' },
    { layer, matrix: 'mlp.down' },
  ]),
  settings: { validateEvery: 20 },
} as const satisfies EditorTraining

/**
 * The editor of a model. That of the bundled model is trained when it is missing, from the facts that are there to train
 * with, and kept; whoever needs it meanwhile trains his own, to the same values.
 * @throws MEND_CHECKPOINT_MISSING with the command that trains one, for other models; RUN_CANCELLED, DISK_FULL
 */
export async function prepareEditor(model: LoadedModel, options: EditorOptions): Promise<string> {
  const path = editorPath(options.home, model)
  if (existsSync(path)) return path
  const root = findRepositoryRoot()
  if (root === null || !isBundled(model, options.home)) throw noEditor(model.files.name, path)
  await trainBundled(model, root, path, options)
  return path
}

async function trainBundled(
  model: LoadedModel,
  root: string,
  path: string,
  { training = bundledTraining, signal, onProgress }: EditorOptions,
): Promise<void> {
  const { cases } = await loadDataset({ path: factsPath(root) })
  const sets = await chooseExamples(await trainingFacts(cases), defaultExampleOptions)
  mkdirSync(dirname(path), { recursive: true })
  const partial = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.training`
  try {
    const { end } = await trainMend(model, {
      ...training,
      ...sets,
      checkpoint: partial,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ updates, total, loss }) =>
        onProgress?.({ stage: TRAINING_STAGE, done: updates, total, loss: loss.total }),
    })
    if (end === 'cancelled') throw cancelled()
    renameSync(partial, path)
  } finally {
    rmSync(partial, { force: true })
  }
}

/** Its progress counts updates and shows the loss of each. */
export const TRAINING_STAGE = 'training the editor'

const cancelled = (): LensEngineError =>
  new LensEngineError('RUN_CANCELLED', 'the training of the editor was cancelled', {
    cure: 'Start it again; an editor that is trained once is kept.',
  })

const noEditor = (model: string, path: string): LensEngineError =>
  new LensEngineError('MEND_CHECKPOINT_MISSING', 'mend needs an editor trained for this model', {
    details: { model, file: path },
    cure: `Train one: lens train-mend --model ${model} --dataset counterfact.json --steps 1000.`,
  })
