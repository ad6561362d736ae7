// What can be asked about prompts for the figures, as plain data that crosses to the engine's process and back.
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { ProviderChoice } from '../runtime/provider.js'
import { LensEngineError } from '../errors.js'
import { observePrompts, type ObservedPrompts } from './observe-prompts.js'

export interface ObservePromptsTask {
  readonly kind: 'observe-prompts'
  /** Name or directory. */
  readonly model: string
  readonly provider?: ProviderChoice
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
  readonly cases: readonly EvaluationCase[]
  /** Also the smallest successful step of each prompt at each layer, which costs far more than all the rest. */
  readonly smallestStep: boolean
  readonly seed: number
}

interface TaskOptions {
  readonly onProgress?: (progress: {
    readonly stage: string
    readonly done: number
    readonly total: number
  }) => void
}

/**
 * Observes every prompt, or says why one cannot be. Equal cases have equal observations, whatever was computed before.
 * @throws BAD_ARGUMENT for no case; TOKENIZER_MISSING and others that every prompt would meet
 */
export function answerObservePrompts(
  model: LoadedModel,
  { cases, smallestStep, seed }: ObservePromptsTask,
  { onProgress }: TaskOptions,
): Promise<ObservedPrompts> {
  if (cases.length === 0) {
    throw new LensEngineError('BAD_ARGUMENT', 'there is no prompt', {
      cure: 'Choose at least one case.',
    })
  }
  const stage = smallestStep ? 'reading prompts and searching steps' : 'reading prompts'
  return observePrompts(model, cases, {
    smallestStep,
    seed,
    onObserved: (_observed, progress) => onProgress?.({ stage, ...progress }),
  })
}
