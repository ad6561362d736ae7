// Cases -> observations, one after the other, and the receipt of how they were computed.
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { LensEngineError } from '../errors.js'
import type { LensResult } from '../lens/lens-result.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { engineVersion } from '../engine-version.js'
import { runtimeVersion } from '../runtime/ort.js'
import { observePrompt } from './observe-prompt.js'
import type { ObservedPrompt } from './prompt-observation.js'
import { stepGrid } from './step-search.js'

/** What is needed to observe the same prompts again. */
export interface FiguresReceipt {
  readonly engineVersion: string
  readonly runtimeVersion: string
  readonly weightsDigest: string
  readonly tokenizerDigest: string | null
  readonly configDigest: string
  /** Of the lens's graph; null where every prompt was skipped. */
  readonly graphDigest: string | null
  readonly provider: string
  readonly device: string
  readonly dtype: string
  readonly threads: number
  readonly seed: number
  /** The lens and the loss of Backward Lens: with the final norm; the target's first token at the last position. */
  readonly lens: 'final-norm'
  readonly targetMode: 'first'
  /** Smallest and largest step that is tried, and the factor between two of them; null when none is searched. */
  readonly steps: { readonly first: number; readonly last: number; readonly factor: number } | null
}

export interface ObservePromptsOptions {
  /** Which of the cases are also searched for their smallest steps. */
  readonly smallestStep?: boolean | ((one: EvaluationCase) => boolean)
  readonly seed?: number
  readonly signal?: AbortSignal | undefined
  /** After each case. */
  readonly onObserved?: (observed: ObservedPrompt, progress: ObserveProgress) => void
}

export interface ObserveProgress {
  readonly done: number
  readonly total: number
}

export interface ObservedPrompts {
  /** In the order of the cases. */
  readonly observations: readonly ObservedPrompt[]
  readonly receipt: FiguresReceipt
}

/**
 * Observes every case; one that cannot be is answered as `{ caseId, skipped }`. What a case gives does not depend on the others.
 * @throws RUN_CANCELLED and failures of the model
 */
export async function observePrompts(
  model: LoadedModel,
  cases: readonly EvaluationCase[],
  { smallestStep = false, seed = 0, signal, onObserved }: ObservePromptsOptions = {},
): Promise<ObservedPrompts> {
  const observations: ObservedPrompt[] = []
  let last: LensResult | null = null
  const searched = typeof smallestStep === 'function' ? smallestStep : () => smallestStep
  for (const one of cases) {
    throwIfCancelled(signal)
    const { observed, result } = await observePrompt(model, one, {
      smallestStep: searched(one),
      seed,
      signal,
    })
    observations.push(observed)
    last = result ?? last
    onObserved?.(observed, { done: observations.length, total: cases.length })
    // Lets a signal of the same process be heard between prompts.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { observations, receipt: makeReceipt(model, last, { smallestStep, seed }) }
}

function makeReceipt(
  model: LoadedModel,
  last: LensResult | null,
  { smallestStep, seed }: Pick<ObservePromptsOptions, 'smallestStep'> & { readonly seed: number },
): FiguresReceipt {
  const [first, second] = stepGrid as [number, number]
  const steps = { first, last: stepGrid.at(-1) as number, factor: second / first }
  return {
    engineVersion,
    runtimeVersion,
    weightsDigest: model.files.weightsDigest,
    tokenizerDigest: model.tokenizer?.digest ?? null,
    configDigest: model.files.configDigest,
    graphDigest: last?.receipt.graphDigest ?? null,
    provider: model.provider.provider,
    device: model.provider.device,
    dtype: model.dtype,
    threads: model.threads,
    seed,
    lens: 'final-norm',
    targetMode: 'first',
    steps: smallestStep === false ? null : steps,
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  throw new LensEngineError('RUN_CANCELLED', 'the figures were cancelled', {
    cure: 'Start them again if you want them.',
  })
}
