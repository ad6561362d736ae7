// An edit that is wanted -> what the model says now, what is missing, and what the edit would do, where a pass can tell.
import { computeEdit } from '../edits/compute-edit.js'
import { defaultsFor } from '../edits/default-hyperparameters.js'
import type { EditMethod, EditMethodName } from '../edits/edit-method.js'
import type { PreparedEditRequest } from '../edits/edit-request.js'
import { stackDeltas } from '../edits/edit-stack.js'
import { completeHyperparameters, type HyperparameterValues } from '../edits/hyperparameters.js'
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { findEditMethod } from '../edits/registry.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { editedPass } from '../edits/shared/edited-pass.js'
import { objectiveSequence, type TargetObjective } from '../edits/shared/target-objective.js'
import { generateTexts } from '../generation/generate-texts.js'
import { tokenText } from '../lens/result-texts.js'
import { predictEffect } from '../readings/predict-effect.js'
import { prepareResources } from '../resources/prepare-resources.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { askProbes, prepareRequests, requireTokenizer, type AskedPrompt } from './asked-prompts.js'
import type { EditPreview, NextToken } from './edit-answer.js'
import { estimateCost, workOf, type EditWork } from './edit-cost.js'
import { findMissing } from './edit-needs.js'
import type { PreviewEditTask } from './edit-task.js'
import { readNextTokens } from './read-next-tokens.js'

/** What the parts of a preview share. */
interface Wanted {
  readonly task: PreviewEditTask
  readonly method: EditMethod
  readonly values: HyperparameterValues
  readonly requests: readonly PreparedEditRequest[]
  readonly base: readonly MatrixDelta[]
}

/** @throws as `computeEdit` for what is asked wrongly */
export async function previewEdit(
  model: LoadedModel,
  task: PreviewEditTask,
  home: string,
): Promise<EditPreview> {
  const method = findEditMethod(task.method)
  const { values: preset, provenance, source } = defaultsFor(method, model)
  const given = task.hyperparameters ?? {}
  const values = completeHyperparameters(method.hyperparameters, preset, given, model.shape)
  const base = stackDeltas(model, task.onTopOf ?? [])
  const requests = prepareRequests(model, task.requests)
  const wanted: Wanted = { task, method, values, requests, base }
  const [prompt] = askProbes(model, task.requests, task.probes ?? {}) as [AskedPrompt]
  const [reading] = await readNextTokens(new EditLab(model, { base }), [prompt])
  const current = reading?.next as NextToken
  const secondsPerPass = await timePass(model, prompt, base, workOf(method, values))
  const missing = findMissing(model, method, values, { ...task, home })
  const predicted = await predict(model, wanted, missing, home)
  const cost = estimateCost(model, method, values, requests, secondsPerPass)
  return {
    ...describeRequest(model, requests[0] as PreparedEditRequest),
    current,
    currentAnswer: await currentAnswer(model, prompt, base),
    willSkip: predicted.skips,
    predictedLogitChange: predicted.change,
    predictionNote: predicted.note,
    estimatedSeconds: cost.seconds,
    estimatedBytes: cost.bytes,
    missing,
    notes: [
      ...notesOf(wanted, current, predicted.skips),
      `Hyperparameters that are not given: ${provenance}: ${source}.`,
    ],
  }
}

function describeRequest(
  { tokenizer }: LoadedModel,
  { promptIds, targetIds, subjectSpan, lookup }: PreparedEditRequest,
) {
  return {
    promptTokens: promptIds.length,
    targetTokens: targetIds.length,
    subjectTokens: promptIds
      .slice(subjectSpan.first, subjectSpan.end)
      .map((id) => tokenText(tokenizer, id)),
    lookupToken: tokenText(tokenizer, promptIds[lookup] as number),
    lookupPosition: lookup,
  }
}

/** Seconds of a pass over so many copies of the prompt, once everything is open. */
async function timePass(
  model: LoadedModel,
  { ids }: AskedPrompt,
  base: readonly MatrixDelta[],
  { sequences: count }: EditWork,
): Promise<number> {
  const lab = new EditLab(model, { base })
  const sequence = { ids, scored: [{ position: ids.length - 1, tokens: [0] }] }
  const request = {
    sequences: Array.from({ length: count }, () => sequence),
    head: ['nll'],
  } as const
  await lab.run({ ...request, sequences: [sequence] })
  const started = performance.now()
  await lab.run(request)
  return (performance.now() - started) / 1000
}

/** Greedy, as long as the target. */
async function currentAnswer(
  model: LoadedModel,
  { ids, target }: AskedPrompt,
  base: readonly MatrixDelta[],
): Promise<string> {
  const [answer] = await generateTexts(model, [{ ids }], {
    length: Math.min(ids.length + (target?.ids.length ?? 1), model.shape.contextLength),
    sampling: { kind: 'greedy' },
    seed: 0,
    ...(base.length === 0 ? {} : { edits: editedPass(model, [base], [0]) }),
  })
  return requireTokenizer(model).decode(answer ?? [])
}

interface Prediction {
  readonly skips: boolean
  readonly change: number | null
  readonly note: string
}

/** Methods whose deltas cost a pass: they are computed, and thrown away. */
const cheap: readonly EditMethodName[] = ['no-edit', 'forward-shift', 'sgd', 'random-layer', 'mend']

async function predict(
  model: LoadedModel,
  { task, method, values, requests, base }: Wanted,
  missing: readonly string[],
  home: string,
): Promise<Prediction> {
  const unknown = { change: null, skips: await skipsTuning(model, method, values, requests, base) }
  if (!cheap.includes(method.name)) return { ...unknown, note: unknownNote(values) }
  if (missing.length > 0) {
    return { ...unknown, note: 'What the method needs is missing, so nothing can be predicted.' }
  }
  const { mendCheckpoint } = task
  const methods = [{ method: method.name, hyperparameters: values }]
  const resources = await prepareResources(model, { home, methods, mendCheckpoint })
  const { deltas, outcome } = await computeEdit(model, { ...task, resources })
  if (outcome.kind === 'skipped') {
    return { skips: true, change: 0, note: `Nothing would be written: ${outcome.reason}.` }
  }
  const effect = await predictEffect(model, requests[0] as PreparedEditRequest, deltas, base)
  const note =
    'First order: the gradient of the logit of the target times what the edit adds. The larger the edit, the less it holds.'
  return { skips: false, change: effect.predicted, note }
}

const unknownNote = ({ steps }: HyperparameterValues): string =>
  `What the method writes is found in up to ${Number(steps)} steps of optimisation, so its effect is known only afterwards.`

/** Fine-tuning takes no step where its loss is small already. */
async function skipsTuning(
  model: LoadedModel,
  method: EditMethod,
  values: HyperparameterValues,
  requests: readonly PreparedEditRequest[],
  base: readonly MatrixDelta[],
): Promise<boolean> {
  const { lossThreshold, objective } = values
  if (typeof lossThreshold !== 'number' || method.needs.length > 0) return false
  const sequences = requests.map((one) =>
    objectiveSequence(one, objective as TargetObjective, 1 / requests.length),
  )
  const result = await new EditLab(model, { base }).run({ sequences, head: ['nll'] })
  const losses = result.sequences.flatMap(({ scored }, index) =>
    scored.flatMap(({ nll }, place) =>
      Array.from(nll ?? [], (one, pick) => {
        const weights = sequences[index]?.scored?.[place]?.weights
        return one * (weights?.[pick] ?? 1)
      }),
    ),
  )
  return losses.reduce((sum, loss) => sum + loss, 0) < lossThreshold
}

function notesOf(
  { task, method, requests }: Wanted,
  current: NextToken,
  skips: boolean,
): readonly string[] {
  const first = requests.length > 1 ? [`Shown for the first of ${requests.length} requests.`] : []
  if (current.argmaxIsTarget !== true || skips) return first
  const target = task.requests[0]?.target.trim()
  return [
    ...first,
    `"${target}" is what the model says already; ${method.title} would make it more certain all the same.`,
  ]
}
