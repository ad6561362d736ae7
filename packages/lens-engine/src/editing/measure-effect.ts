// Prompts and two stacks of deltas -> what changes from one to the other: next tokens, texts, the logit lens.
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { PredictedEffect } from '../readings/predict-effect.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { AskedPrompt } from './asked-prompts.js'
import { continuePrompts } from './continue-prompts.js'
import { divergenceOf } from './distribution.js'
import type { EditEffect, PromptEffect } from './edit-answer.js'
import type { EditTaskProgress } from './edit-task.js'
import { readLayers } from './read-layers.js'
import { readNextTokens, type PromptReading } from './read-next-tokens.js'

export interface EffectOptions {
  /** What the model runs under before. */
  readonly before: readonly MatrixDelta[]
  readonly after: readonly MatrixDelta[]
  /** Of the rewrite prompts, in order. */
  readonly predicted?: readonly PredictedEffect[]
  /** Prompts to continue. */
  readonly generation: readonly string[]
  readonly onProgress: (progress: EditTaskProgress) => void
}

/** Prompts read at once: their distributions are as long as the vocabulary. */
const PROMPTS_AT_ONCE = 32

/** @param prompts the first is shown layer by layer @throws NOT_FINITE; as `continuePrompts` */
export async function measureEffect(
  model: LoadedModel,
  prompts: readonly AskedPrompt[],
  options: EffectOptions,
): Promise<EditEffect> {
  const started = performance.now()
  const { before, after, generation, onProgress } = options
  const effects: PromptEffect[] = []
  for (let start = 0; start < prompts.length; start += PROMPTS_AT_ONCE) {
    onProgress({ stage: 'measuring the effect', done: start, total: prompts.length })
    const chunk = prompts.slice(start, start + PROMPTS_AT_ONCE)
    effects.push(...(await comparePrompts(model, chunk, options)))
  }
  const [first] = prompts
  const lens = first === undefined ? [] : await readLayers(model, first, before, after)
  const tell = (done: number): void =>
    onProgress({ stage: 'writing texts', done, total: generation.length })
  if (generation.length > 0) tell(0)
  const generations = await continuePrompts(model, generation, { before, after, onPrompt: tell })
  return {
    prompts: withPredictions(effects, options.predicted ?? []),
    generations,
    lens,
    milliseconds: performance.now() - started,
  }
}

async function comparePrompts(
  model: LoadedModel,
  prompts: readonly AskedPrompt[],
  { before, after }: EffectOptions,
): Promise<readonly PromptEffect[]> {
  const unedited = await readNextTokens(new EditLab(model, { base: before }), prompts)
  const edited =
    before === after ? unedited : await readNextTokens(new EditLab(model, { base: after }), prompts)
  return prompts.map(({ kind, text, target, truth }, index) => {
    const [one, other] = [unedited[index], edited[index]] as [PromptReading, PromptReading]
    return {
      kind,
      prompt: text,
      target: target?.text ?? null,
      truth: truth?.text ?? null,
      before: one.next,
      after: other.next,
      divergence: divergenceOf(one.distribution, other.distribution),
      predictedLogitChange: null,
      measuredLogitChange: null,
    }
  })
}

function withPredictions(
  effects: readonly PromptEffect[],
  predicted: readonly PredictedEffect[],
): readonly PromptEffect[] {
  const left = [...predicted]
  return effects.map((effect) => {
    const found = effect.kind === 'rewrite' ? left.shift() : undefined
    if (found === undefined) return effect
    return {
      ...effect,
      predictedLogitChange: found.predicted,
      measuredLogitChange: found.measured,
    }
  })
}
