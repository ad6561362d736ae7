// A task about edits -> its answer, on a model that is loaded.
import { computeEdit } from '../edits/compute-edit.js'
import { stackDeltas } from '../edits/edit-stack.js'
import type { PreparedEditRequest } from '../edits/edit-request.js'
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { predictEffect, type PredictedEffect } from '../readings/predict-effect.js'
import { knownContexts } from '../resources/known-contexts.js'
import { prepareResources } from '../resources/prepare-resources.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { askProbes, askPrompt, prepareRequests } from './asked-prompts.js'
import { compareEdits } from './diff-edits-task.js'
import type { ComputedEdit, TriedEdits } from './edit-answer.js'
import { explainGrowth, readFactors } from './edit-in-words.js'
import type {
  ComputeEditTask,
  EditAnswer,
  EditTask,
  EditTaskProgress,
  TryEditsTask,
} from './edit-task.js'
import { exportEdits } from './export-edits.js'
import { mapInterference } from './map-interference.js'
import { measureEffect } from './measure-effect.js'
import { previewEdit } from './preview-edit.js'

export interface EditTaskOptions {
  /** Imprint's home directory. */
  readonly home: string
  readonly onProgress?: (progress: EditTaskProgress) => void
}

interface Surroundings {
  readonly home: string
  readonly onProgress: (progress: EditTaskProgress) => void
}

type Runners = {
  readonly [Kind in EditTask['kind']]: (
    model: LoadedModel,
    task: Extract<EditTask, { kind: Kind }>,
    around: Surroundings,
  ) => Promise<EditAnswer<Extract<EditTask, { kind: Kind }>>>
}

const runners: Runners = {
  'compute-edit': computeTask,
  'preview-edit': (model, task, { home }) => previewEdit(model, task, home),
  'try-edits': tryTask,
  'diff-edits': (model, task, { onProgress }) => compareEdits(model, task, onProgress),
  'export-edits': (model, { edits, directory }, { onProgress }) =>
    exportEdits(model, edits, directory, onProgress),
  'map-interference': (model, task, { onProgress }) => mapInterference(model, task, onProgress),
}

/**
 * The model's weights are not touched.
 * @throws what the task's part throws: BAD_ARGUMENT, EDIT_WRONG_MODEL, the errors of `prepareEditRequest`, NOT_FINITE,
 * KEY_COVARIANCE_MISSING, MEND_CHECKPOINT_MISSING, DISK_FULL
 */
export async function runEditTask<T extends EditTask>(
  model: LoadedModel,
  task: T,
  { home, onProgress = () => undefined }: EditTaskOptions,
): Promise<EditAnswer<T>> {
  const run = runners[task.kind] as unknown as (
    model: LoadedModel,
    task: T,
    around: Surroundings,
  ) => Promise<EditAnswer<T>>
  return run(model, task, { home, onProgress })
}

async function computeTask(
  model: LoadedModel,
  task: ComputeEditTask,
  { home, onProgress }: Surroundings,
): Promise<ComputedEdit> {
  const { method, hyperparameters = {}, probes = {}, seed = 0, onTopOf = [] } = task
  // Whatever is asked wrongly is found before anything is computed.
  const prompts = askProbes(model, task.requests, probes)
  const requests = prepareRequests(model, task.requests)
  const before = stackDeltas(model, onTopOf)
  const { mendCheckpoint } = task
  const methods = [{ method, hyperparameters }]
  const found = await prepareResources(model, { home, methods, mendCheckpoint, onProgress })
  const resources = { ...found, contextTemplates: knownContexts(model, seed) }
  const edit = await computeEdit(model, { ...task, resources, onProgress })
  const predicted = await predictAll(model, requests, edit.deltas, before)
  const [first] = prompts
  const effect = await measureEffect(model, prompts, {
    before,
    after: edit.deltas.length === 0 ? before : [...before, ...edit.deltas],
    predicted,
    generation: probes.generationPrompts ?? (first === undefined ? [] : [first.text]),
    onProgress,
  })
  onProgress({ stage: 'reading the edit', done: null, total: null })
  const readings = await readFactors(model, edit.deltas, requests[0]?.targetIds[0] ?? 0)
  const growth = explainGrowth(model, edit.deltas)
  return { edit, effect, readings, growth, predicted }
}

async function predictAll(
  model: LoadedModel,
  requests: readonly PreparedEditRequest[],
  deltas: readonly MatrixDelta[],
  base: readonly MatrixDelta[],
): Promise<readonly PredictedEffect[]> {
  const effects: PredictedEffect[] = []
  for (const request of requests) {
    effects.push(await predictEffect(model, request, deltas, base))
  }
  return effects
}

async function tryTask(
  model: LoadedModel,
  { edits, prompt, target, truth, generate = false }: TryEditsTask,
  { onProgress }: Surroundings,
): Promise<TriedEdits> {
  const asked = askPrompt(model, { kind: 'asked', text: prompt, target, truth })
  const before: readonly MatrixDelta[] = []
  const deltas = stackDeltas(model, edits)
  const effect = await measureEffect(model, [asked], {
    before,
    after: deltas.length === 0 ? before : deltas,
    generation: generate ? [prompt] : [],
    onProgress,
  })
  return { effect, growth: explainGrowth(model, deltas) }
}
