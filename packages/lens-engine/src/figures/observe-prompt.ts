// One case of a data set -> what its prompt contributes to the figures: one run of the lens, reduced to a compact record.
import type { MatrixName } from '../architectures/hook-points.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { prepareEditRequest, spaceTarget, type PreparedEditRequest } from '../edits/edit-request.js'
import { LensEngineError, type LensEngineErrorCode } from '../errors.js'
import type { FactorVectors, LensRequest, LensResult, PackedCells } from '../lens/lens-result.js'
import { runLens } from '../lens/run-lens.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { ObservedMatrix, ObservedPrompt, PromptObservation } from './prompt-observation.js'
import { promptSegments, segmentMeans, segmentPositions } from './prompt-segments.js'
import { findSmallestSteps } from './smallest-step.js'

export interface ObserveOptions {
  /** Also the smallest successful step at each layer, which costs far more than all the rest; false when absent. */
  readonly smallestStep?: boolean
  readonly seed?: number
  readonly signal?: AbortSignal | undefined
}

/** A prompt that is ready to be observed. */
export interface PromptToObserve {
  readonly caseId: string
  readonly relation: string
  readonly prepared: PreparedEditRequest
  readonly targetFrom: 'new' | 'true'
  /** First token of the true answer; null where the case has none. */
  readonly trueAnswer: number | null
}

export interface ObservedRun {
  readonly observed: ObservedPrompt
  /** Of the run of the lens; null for a prompt that was skipped. */
  readonly result: LensResult | null
}

/** What is wrong with the prompt and not with the model or the machine. */
const promptFaults: ReadonlySet<LensEngineErrorCode> = new Set<LensEngineErrorCode>([
  'PROMPT_EMPTY',
  'PROMPT_TOO_LONG',
  'PROMPT_NOT_TEXT',
  'TARGET_EMPTY',
  'TARGET_TOO_LONG',
  'SUBJECT_NOT_IN_PROMPT',
  'SUBJECT_AMBIGUOUS',
  'NOT_FINITE',
])

const noTarget = 'the case names no answer'
const oneToken = 'the prompt has one token, so it has no gradient of rank above one and no segments'

/**
 * Observes the prompt of a case with its subject, and the target the case teaches (Backward Lens, section 4.1: CounterFact
 * prompts with their targets); a case that teaches none is read with its true answer.
 * @returns the observation, or why there is none
 * @throws RUN_CANCELLED and failures of the model
 */
export async function observePrompt(
  model: LoadedModel,
  one: EvaluationCase,
  options: ObserveOptions = {},
): Promise<ObservedRun> {
  try {
    const prompt = preparePromptToObserve(model, one)
    if (prompt === null) return skip(one.id, noTarget)
    return await observePrepared(model, prompt, options)
  } catch (error) {
    if (!(error instanceof LensEngineError) || !promptFaults.has(error.code)) throw error
    return skip(one.id, error.message)
  }
}

const skip = (caseId: string, skipped: string): ObservedRun => ({
  observed: { caseId, skipped },
  result: null,
})

function preparePromptToObserve(model: LoadedModel, one: EvaluationCase): PromptToObserve | null {
  const { prompt, subject, targetNew, targetTrue } = one.request
  const target = targetNew ?? targetTrue
  if (target === null) return null
  const trueIds =
    targetTrue === null ? null : model.tokenizer?.encodeContinuation(spaceTarget(targetTrue))
  return {
    caseId: one.id,
    relation: one.relation.id,
    prepared: prepareEditRequest(model, { prompt, subject, target }),
    targetFrom: targetNew === null ? 'true' : 'new',
    trueAnswer: trueIds?.[0] ?? null,
  }
}

/** As `observePrompt`, of a request that is prepared already. */
export async function observePrepared(
  model: LoadedModel,
  prompt: PromptToObserve,
  { smallestStep = false, seed = 0, signal }: ObserveOptions = {},
): Promise<ObservedRun> {
  const { promptIds, subjectSpan } = prompt.prepared
  if (promptIds.length < 2) return skip(prompt.caseId, oneToken)
  const [result] = (await runLens(model, [lensRequest(prompt.prepared)], { seed })) as [LensResult]
  const segments = segmentPositions(promptIds.length, subjectSpan)
  const observed: PromptObservation = {
    ...describePrompt(model, prompt, result),
    segmentLengths: promptSegments.map((name) => segments.filter((one) => one === name).length),
    matrices: model.architecture.matrices.map((matrix) => observeMatrix(result, matrix, segments)),
    vjpCosine: lastVjpCosines(downVectors(result)),
    projection: leastProbable(result),
    smallestStep: smallestStep
      ? await findSmallestSteps(model, prompt.prepared, downVectors(result), { signal })
      : null,
  }
  return { observed, result }
}

/** The paper's own lens (with the final norm) and loss (one token, read at the last position); nothing that no figure shows. */
const lensRequest = ({ promptIds, targetIds }: PreparedEditRequest): LensRequest => ({
  prompt: { ids: promptIds },
  target: { ids: targetIds },
  targetMode: 'first',
  lens: 'final-norm',
  topK: 1,
  hiddenStates: false,
  imprint: false,
  gradientCheck: false,
  vectors: true,
})

function describePrompt(model: LoadedModel, prompt: PromptToObserve, result: LensResult) {
  const { layers, vocabularySize } = model.shape
  const { answer, target } = result
  const { trueAnswer } = prompt
  return {
    caseId: prompt.caseId,
    relation: prompt.relation,
    layers,
    vocabularySize,
    promptLength: result.promptLength,
    target: { ...target.ranked, tokens: target.tokens.length, from: prompt.targetFrom },
    answer: {
      id: answer.id,
      text: answer.text,
      right: trueAnswer === null ? null : trueAnswer === answer.id,
    },
    loss: sixDigits(result.loss),
  }
}

type Segments = ReturnType<typeof segmentPositions>

function observeMatrix(result: LensResult, matrix: MatrixName, segments: Segments): ObservedMatrix {
  const cells = result.matrices.filter((one) => one.matrix === matrix)
  const table = (values: (one: PackedCells) => ArrayLike<number>): (number | null)[] =>
    cells.flatMap((one) => segmentMeans(values(one), segments).map(rounded))
  const ranked = matrix === 'mlp.up' || matrix === 'mlp.down'
  return {
    matrix,
    gradientRank: result.gradientRank
      .filter((one) => one.matrix === matrix)
      .map(({ rank }) => rank),
    inputNorm: table(({ inputNorm }) => inputNorm),
    vjpNorm: table(({ vjpNorm }) => vjpNorm),
    targetRank: ranked ? table(({ targetRank }) => ranksOf(targetRank)) : null,
    answerRank: ranked ? table(({ answerRank }) => ranksOf(answerRank)) : null,
  }
}

/** A VJP of exactly zero has no rank (-1 in the packed cells). */
const ranksOf = (ranks: Int32Array): readonly number[] =>
  Array.from(ranks, (rank) => (rank < 0 ? Number.NaN : rank))

const downVectors = ({ vectors }: LensResult): readonly FactorVectors[] =>
  vectors.filter(({ matrix }) => matrix === 'mlp.down')

/** Cosines of the last position's delta between every two layers i < j, row by row (figure 23). */
function lastVjpCosines(vectors: readonly FactorVectors[]): (number | null)[] {
  const last = vectors.map(({ vjp, vjpWidth }) => vjp.subarray(vjp.length - vjpWidth))
  return last.flatMap((one, layer) => last.slice(layer + 1).map((other) => cosine(one, other)))
}

function cosine(a: Float32Array, b: Float32Array): number | null {
  let [product, first, second] = [0, 0, 0]
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] as number, b[index] as number]
    product += x * y
    first += x * x
    second += y * y
  }
  return first === 0 || second === 0 ? null : sixDigits(product / Math.sqrt(first * second))
}

/** Figure 4: least probable tokens of delta_i of `mlp.down`, and its norms. */
function leastProbable({ matrices, tokens, texts, promptLength }: LensResult) {
  const down = matrices.filter(({ matrix }) => matrix === 'mlp.down')
  const places = Array.from({ length: promptLength }, (_, position) => position)
  return {
    tokens: tokens.map(({ text }) => text),
    least: places.flatMap((position) =>
      down.map(({ masked, bottomIds, k }) =>
        masked[position] === 1 ? null : (texts[bottomIds[position * k] as number] ?? null),
      ),
    ),
    norms: places.flatMap((position) =>
      down.map(({ vjpNorm }) => sixDigits(vjpNorm[position] as number)),
    ),
  }
}

/** More digits than a figure shows, fewer bytes to store. */
const sixDigits = (value: number): number => Number(value.toPrecision(6))
const rounded = (value: number | null): number | null => (value === null ? null : sixDigits(value))
