// Packed outputs, ranks, checks and a receipt -> the result of one request.
import type { MatrixAddress } from '../architectures/hook-points.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { MemoryPlan } from '../runtime/memory-estimate.js'
import { runtimeVersion } from '../runtime/ort.js'
import type { CholeskyFactor } from '../tensor/pivoted-cholesky.js'
import { engineVersion } from '../engine-version.js'
import { factorGram, gradientRank } from './gradient-rank.js'
import { vectorOutput } from './lens-outputs.js'
import type { LensPlan } from './lens-plan.js'
import type {
  FactorVectors,
  GradientCheck,
  GradientRank,
  LensResult,
  PackedCells,
  PackedHiddenStates,
  Receipt,
  ScoredToken,
} from './lens-result.js'
import type { PreparedPrompt } from './prepare-prompt.js'
import { collectTexts, tokenText } from './result-texts.js'
import {
  floats,
  integers,
  promptGram,
  promptRows,
  unpackCells,
  unpackHiddenStates,
  unpackImprint,
  type HeadView,
  type PromptView,
} from './unpack-result.js'

export interface ResultParts {
  readonly model: LoadedModel
  readonly plan: LensPlan
  readonly memory: MemoryPlan
  readonly head: HeadView
  /** One for the whole model, or one for each layer. */
  readonly views: readonly PromptView[]
  readonly prompt: PreparedPrompt
  readonly checks: readonly GradientCheck[]
  readonly timings: Readonly<Record<string, number>>
  readonly seed: number
  readonly graphDigest: string
  /** Ids of the edits the model ran under, in order. */
  readonly edits: readonly string[]
}

export function assembleResult(parts: ResultParts): LensResult {
  const { model, plan, head, views, prompt } = parts
  const token = (id: number) => ({ id, text: tokenText(model.tokenizer, id) })
  const next = nextTokens(model, head)
  const matrices = views.flatMap((view) =>
    view.layout.entries.map((entry) => unpackCells(view, entry)),
  )
  const hiddenStates = views.flatMap((view) =>
    view.layout.hidden.map((_, place) => unpackHiddenStates(view, place)),
  )
  const rankStarted = performance.now()
  const ranks = plan.gradientRank ? views.flatMap(gradientRanks) : []
  const timings = { ...parts.timings, rank: performance.now() - rankStarted }
  return {
    tokens: prompt.inputIds.map(token),
    promptLength: prompt.promptLength,
    target: {
      mode: prompt.mode,
      tokens: prompt.targetIds.map(token),
      ranked: token(prompt.rankedTarget),
    },
    loss: promptLoss(head, prompt),
    answer: next[0] as ScoredToken,
    next,
    matrices,
    hiddenStates,
    imprint: views.flatMap((view) =>
      view.layout.imprint.map((_, place) => unpackImprint(view, place)),
    ),
    gradientRank: ranks,
    gradientCheck: parts.checks,
    vectors: plan.vectors ? views.flatMap(factorVectors) : [],
    texts: textsOf(model, prompt, next, [...matrices, ...hiddenStates]),
    receipt: makeReceipt({ ...parts, timings }),
  }
}

function textsOf(
  model: LoadedModel,
  prompt: PreparedPrompt,
  next: readonly ScoredToken[],
  packed: readonly (PackedCells | PackedHiddenStates)[],
) {
  return collectTexts(model.tokenizer, [
    prompt.inputIds,
    prompt.targetIds,
    next.map(({ id }) => id),
    ...packed.flatMap(({ topIds, bottomIds }) => [topIds, bottomIds]),
  ])
}

function promptLoss({ fetches, batch, prompt }: HeadView, { scored }: PreparedPrompt): number {
  const first = batch.firstScored[prompt] as number
  return floats(fetches, 'losses')
    .subarray(first, first + scored.length)
    .reduce((sum, loss) => sum + loss, 0)
}

function nextTokens(
  model: LoadedModel,
  { fetches, prompt, topK }: HeadView,
): readonly ScoredToken[] {
  const ids = integers(fetches, 'next.ids').subarray(prompt * topK, (prompt + 1) * topK)
  return Array.from(ids, (id, place) => ({
    id,
    text: tokenText(model.tokenizer, id),
    logit: floats(fetches, 'next.logits')[prompt * topK + place] as number,
    probability: floats(fetches, 'next.probabilities')[prompt * topK + place] as number,
  }))
}

function gradientRanks(view: PromptView): readonly GradientRank[] {
  const n = view.batch.prompts[view.prompt]?.inputIds.length as number
  const factors = new Map<number, CholeskyFactor>()
  return view.layout.entries.map((entry) => {
    const known = factors.get(entry.input) ?? factorGram(promptGram(view, entry.input), n)
    factors.set(entry.input, known)
    const widths = [view.layout.widths[entry.input], view.layout.widths[entry.vjp]] as [
      number,
      number,
    ]
    const result = gradientRank(known, promptGram(view, entry.vjp), n, widths)
    return { ...entry.address, ...result }
  })
}

function factorVectors(view: PromptView): readonly FactorVectors[] {
  return view.layout.entries.map(({ address, input, vjp }) => {
    const inputWidth = view.layout.widths[input] as number
    const vjpWidth = view.layout.widths[vjp] as number
    return {
      ...(address satisfies MatrixAddress),
      input: promptRows(view, vectorOutput(input), inputWidth),
      inputWidth,
      vjp: promptRows(view, vectorOutput(vjp), vjpWidth),
      vjpWidth,
    }
  })
}

function makeReceipt({
  model,
  plan,
  memory,
  prompt,
  checks,
  timings,
  seed,
  graphDigest,
  edits,
}: ResultParts): Receipt {
  return {
    engineVersion,
    runtimeVersion,
    weightsDigest: model.files.weightsDigest,
    tokenizerDigest: model.tokenizer?.digest ?? null,
    configDigest: model.files.configDigest,
    graphDigest,
    edits,
    provider: model.provider.provider,
    device: model.provider.device,
    providerReason: model.provider.reason,
    dtype: model.dtype,
    streaming: memory.streaming,
    streamingReason: memory.reason,
    predictedMemory: { ...memory.estimate },
    threads: model.threads,
    seed,
    lens: plan.lens,
    targetMode: prompt.mode,
    gradientCheckError:
      checks.length === 0 ? null : Math.max(...checks.map(({ relativeError }) => relativeError)),
    timings,
  }
}
