// One example of training: the gradient of the edit -> the editor's change -> its loss, and the gradient of each parameter.
import { LensEngineError } from '../../errors.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { Fetch } from '../../runtime/ort.js'
import { prepareEditRequest, type EditRequest, type PreparedEditRequest } from '../edit-request.js'
import { finite, type EditLab } from '../shared/edit-lab.js'
import { batchFeeds, makeBatch } from '../shared/pass-feeds.js'
import type { PassSequence } from '../shared/pass-request.js'
import { objectiveSequence } from '../shared/target-objective.js'
import { editorFeeds, observeTokens, type Editor } from './editor.js'
import { collectTokens, editSequences, type TokensOfMatrices } from './gradient-tokens.js'
import { buildTrainingGraph, gradientOutput, trainingPlan } from './training-graph.js'

/** What an editor learns from: a fact to write, the same question in other words, and a text it must not change. */
export interface TrainingExample {
  readonly request: EditRequest
  /** x'_e without the target. */
  readonly paraphrase: string
  /** x_loc */
  readonly locality: string
}

export interface PreparedExample {
  readonly request: PreparedEditRequest
  readonly paraphraseIds: readonly number[]
  readonly localityIds: readonly number[]
}

/** Nats. */
export interface ExampleLoss {
  /** editWeight * edit + locality */
  readonly total: number
  /** Mean of -log p over the target's tokens after the paraphrase, edited. */
  readonly edit: number
  /** KL(pre || post), mean over the tokens of the unrelated text. */
  readonly locality: number
}

export interface MeasuredExample {
  readonly loss: ExampleLoss
  /** By name of the parameter; empty unless asked for. */
  readonly gradients: ReadonlyMap<string, Float32Array>
}

export interface MeasureOptions {
  readonly editWeight: number
  /** Differentiate, and take the example into the editor's statistics first, as training does. */
  readonly training: boolean
}

/** @throws PROMPT_EMPTY, PROMPT_TOO_LONG and the errors of `prepareEditRequest` */
export function prepareExample(model: LoadedModel, example: TrainingExample): PreparedExample {
  const request = prepareEditRequest(model, example.request)
  const encode = (text: string): readonly number[] => model.tokenizer?.encode(text) ?? []
  const [paraphraseIds, localityIds] = [encode(example.paraphrase), encode(example.locality)]
  checkText(model, example.paraphrase, paraphraseIds.length, request.targetIds.length - 1)
  checkText(model, example.locality, localityIds.length, 0)
  return { request, paraphraseIds, localityIds }
}

function checkText({ shape }: LoadedModel, text: string, tokens: number, added: number): void {
  if (tokens > 0 && tokens + added <= shape.contextLength) return
  const shown = JSON.stringify(text.slice(0, 80))
  throw new LensEngineError(
    tokens === 0 ? 'PROMPT_EMPTY' : 'PROMPT_TOO_LONG',
    `a text to train on has ${tokens} tokens: ${shown}`,
    {
      details: { tokens, contextLength: shape.contextLength },
      cure: `Use texts of 1 to ${shape.contextLength - added} tokens.`,
    },
  )
}

/**
 * Loss of one example under the editor as it is (MEND, eq. 4), and with `training` its gradients.
 * @throws NOT_FINITE, RUN_CANCELLED
 */
export async function measureExample(
  lab: EditLab,
  editor: Editor,
  example: PreparedExample,
  { editWeight, training }: MeasureOptions,
): Promise<MeasuredExample> {
  const { tokens, before } = await readBefore(lab, editor, example)
  if (training) observeTokens(editor, tokens)
  const { model } = lab
  const { layout } = editor
  const places = layout.matrices.map(({ key }) => key).join()
  const { session } = await model.session(
    `mend-training ${layout.rank} ${places} ${training}`,
    () => buildTrainingGraph(model, layout, training),
  )
  const batch = makeBatch(scoredSequences(example, editWeight, before))
  const fetches = await session.run({
    ...batchFeeds(batch, trainingPlan(model.shape.layers), model.shape, undefined),
    ...editorFeeds(editor, tokens),
  })
  const values = (name: string) => (fetches[name] as Fetch).data as Float32Array
  const targets = example.request.targetIds.length
  const names = training ? layout.parameters.map(({ name }) => name) : []
  return {
    loss: {
      total: finite(values('loss')[0] as number, 'the loss of training'),
      // Rows after the target's are those of the unrelated text.
      edit: meanOf(values('nll').subarray(0, targets)),
      locality: meanOf(values('divergence')),
    },
    gradients: new Map(names.map((name) => [name, values(gradientOutput(name))])),
  }
}

const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** What is known before the edit: the tokens of its gradient, and the distributions after each token of x_loc. */
async function readBefore(
  lab: EditLab,
  { layout }: Editor,
  { request, localityIds }: PreparedExample,
): Promise<{ readonly tokens: TokensOfMatrices; readonly before: readonly Float32Array[] }> {
  const unrelated: PassSequence = {
    ids: localityIds,
    scored: localityIds.map((_, position) => ({ position, tokens: [0], weights: [0] })),
  }
  const edits = editSequences([request])
  const { sequences } = await lab.run({
    sequences: [...edits, unrelated],
    head: ['log-probabilities'],
    factors: layout.matrices.map(({ address }) => address),
  })
  const scored = sequences[edits.length]?.scored ?? []
  return {
    tokens: collectTokens(layout, sequences.slice(0, edits.length)),
    before: scored.map(({ logProbabilities }) => logProbabilities as Float32Array),
  }
}

function scoredSequences(
  { request, paraphraseIds, localityIds }: PreparedExample,
  editWeight: number,
  before: readonly Float32Array[],
): readonly PassSequence[] {
  const equivalent = { ...request, promptIds: paraphraseIds, last: paraphraseIds.length - 1 }
  const weight = 1 / localityIds.length
  return [
    objectiveSequence(equivalent, 'teacher-forced', editWeight),
    {
      ids: localityIds,
      diverging: before.map((base, position) => ({ position, base, weight })),
    },
  ]
}
