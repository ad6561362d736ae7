// Cases -> those whose true answer the unedited model gives by itself: every token of it is the most probable one.
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { inSeededOrder } from '../datasets/select-cases.js'
import { fillTemplate, spaceTarget } from '../edits/edit-request.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { PassSequence } from '../edits/shared/pass-request.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { tokenizerOf } from './prepare-case.js'

/** How much of the true answer the unedited model gives: nothing, its first token, or all of it. */
export type KnownAnswer = 'none' | 'first' | 'all'

export interface KnownCasesOptions {
  /** Known cases to stop at; all cases are tested when absent. */
  readonly count?: number
  /** Of the order in which cases are tested; 0 when absent. */
  readonly seed?: number
  /** Answers by id that this model gave before to these cases; new ones are added. */
  readonly answers?: Map<string, KnownAnswer>
  readonly signal?: AbortSignal
  /** After each group of cases. */
  readonly onProgress?: (progress: { readonly tested: number; readonly known: number }) => void
}

export interface AskOptions {
  readonly signal?: AbortSignal
  /** After each group of cases. */
  readonly onProgress?: (progress: { readonly tested: number }) => void
}

/** How many cases were asked of the unedited model, and how it answered. */
export interface KnownCounts {
  readonly tested: number
  /** The first token of the true answer is the most probable after the prompt. */
  readonly firstToken: number
  /** Every token of the true answer is the most probable one, after the prompt and the tokens before it. */
  readonly known: number
}

export interface KnownCases {
  /** In the order given. */
  readonly cases: readonly EvaluationCase[]
  readonly counts: KnownCounts
}

/** Cases asked together. */
const CHUNK = 256
/** Rows of one pass: prompts are short, and a batch keeps the residual stream of every row. */
const limits = { rows: 2048 } as const

/**
 * Asks the model case by case, in seeded order, until `count` known ones are found. The choice for a larger count contains
 * that for a smaller one.
 * @throws BAD_ARGUMENT where a case has no true answer or the model knows none; RUN_CANCELLED, TOKENIZER_MISSING
 */
export async function selectKnownCases(
  model: LoadedModel,
  cases: readonly EvaluationCase[],
  { count = cases.length, seed = 0, answers = new Map(), signal, onProgress }: KnownCasesOptions,
): Promise<KnownCases> {
  const lab = new EditLab(model, { signal, limits })
  const order = inSeededOrder(cases, seed)
  const known = new Set<EvaluationCase>()
  let [tested, firstToken] = [0, 0]
  for (let start = 0; start < order.length && known.size < count; start += CHUNK) {
    const asked = order.slice(start, start + CHUNK)
    const asking = asked.filter(({ id }) => !answers.has(id))
    for (const [id, answer] of await answersOf(lab, asking)) answers.set(id, answer)
    for (const one of asked) {
      if (known.size === count) break
      tested++
      const answer = answers.get(one.id)
      if (answer !== 'none') firstToken++
      if (answer === 'all') known.add(one)
    }
    onProgress?.({ tested, known: known.size })
  }
  if (known.size === 0) throw knowsNothing(tested)
  const chosen = cases.filter((one) => known.has(one))
  return { cases: chosen, counts: { tested, firstToken, known: known.size } }
}

/**
 * How the unedited model answers each case, in the order given.
 * @throws BAD_ARGUMENT where a case has no true answer; RUN_CANCELLED, TOKENIZER_MISSING
 */
export async function answersOfCases(
  model: LoadedModel,
  cases: readonly EvaluationCase[],
  { signal, onProgress }: AskOptions = {},
): Promise<readonly KnownAnswer[]> {
  const lab = new EditLab(model, { signal, limits })
  const answers: KnownAnswer[] = []
  for (let start = 0; start < cases.length; start += CHUNK) {
    const found = await answersOf(lab, cases.slice(start, start + CHUNK))
    answers.push(...found.map(([, answer]) => answer))
    onProgress?.({ tested: answers.length })
  }
  return answers
}

async function answersOf(
  lab: EditLab,
  cases: readonly EvaluationCase[],
): Promise<readonly (readonly [string, KnownAnswer])[]> {
  if (cases.length === 0) return []
  const begun = await answered(lab, cases, 'first')
  const complete = begun.size === 0 ? begun : await answered(lab, [...begun], 'all')
  return cases.map((one) => [one.id, complete.has(one) ? 'all' : begun.has(one) ? 'first' : 'none'])
}

/** Those of the cases whose first token, or whose every token, of the true answer is the most probable one. */
async function answered(
  lab: EditLab,
  cases: readonly EvaluationCase[],
  tokens: 'first' | 'all',
): Promise<ReadonlySet<EvaluationCase>> {
  const asked = cases.map((one) => ({ one, ...askedTokens(lab.model, one, tokens) }))
  const fitting = asked.filter(
    ({ sequence }) => sequence.ids.length <= lab.model.shape.contextLength,
  )
  const { sequences } = await lab.run({
    sequences: fitting.map(({ sequence }) => sequence),
    head: ['argmax'],
  })
  const right = fitting.filter(({ target }, index) =>
    sequences[index]?.scored.every(({ argmax }, place) => argmax === target[place]),
  )
  return new Set(right.map(({ one }) => one))
}

function askedTokens(
  model: LoadedModel,
  { id, request: { prompt, subject, targetTrue } }: EvaluationCase,
  tokens: 'first' | 'all',
): { readonly sequence: PassSequence; readonly target: readonly number[] } {
  if (targetTrue === null) throw lacksAnswer(id)
  const tokenizer = tokenizerOf(model)
  const asked = tokenizer.encode(fillTemplate(prompt, subject))
  const target = tokenizer
    .encodeContinuation(spaceTarget(targetTrue))
    .slice(0, tokens === 'first' ? 1 : undefined)
  const scored = target.map((token, index) => ({
    position: asked.length - 1 + index,
    tokens: [token],
  }))
  return { sequence: { ids: [...asked, ...target.slice(0, -1)], scored }, target }
}

const lacksAnswer = (id: string): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', `case ${id} has no true answer, so none can be known`, {
    details: { caseId: id },
    cure: 'Leave --known-only away, or use a data set with true answers such as CounterFact.',
  })

const knowsNothing = (tested: number): LensEngineError =>
  new LensEngineError(
    'BAD_ARGUMENT',
    `the model gives the true answer of none of the ${tested} cases`,
    { details: { tested }, cure: 'Leave --known-only away, or use another model or data set.' },
  )
