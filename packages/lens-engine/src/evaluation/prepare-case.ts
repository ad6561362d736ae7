// An evaluation case -> everything the model will read for it: the edit request, and each prompt as token sequences in which
// both targets are scored with as few sequences as possible.
import { fillTemplate, spaceTarget, type EditRequest } from '../edits/edit-request.js'
import { prepareEditRequest } from '../edits/edit-request.js'
import type { PassSequence, ScoredPlace } from '../edits/shared/pass-request.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { LensEngineError } from '../errors.js'
import type { GenerationPrompt } from '../generation/generate-texts.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import type { PromptKind } from './metrics/case-row.js'

/** Where one token of a target is scored. */
export interface TokenPlace {
  /** Index among the prompt's sequences. */
  readonly sequence: number
  /** Index among the scored places of that sequence. */
  readonly place: number
  /** Index among the tokens of that place. */
  readonly pick: number
  readonly token: number
}

export type TokenPlaces = readonly TokenPlace[]

export interface PreparedPrompt {
  readonly kind: PromptKind
  readonly index: number
  readonly sequences: readonly (PassSequence & { readonly scored: readonly ScoredPlace[] })[]
  /** Position of the prompt's last token, in every sequence. */
  readonly last: number
  /** Where each target's tokens are scored; null where the case has no such target. */
  readonly new: TokenPlaces | null
  readonly true: TokenPlaces | null
}

export interface PreparedCase {
  readonly case: EvaluationCase
  readonly request: EditRequest
  readonly prompts: readonly PreparedPrompt[]
  readonly generation: readonly (GenerationPrompt & { readonly ids: readonly number[] })[]
}

/**
 * Parses and tokenises a case once for all methods.
 * @throws the errors of `prepareEditRequest`, and BAD_ARGUMENT for a case that asks for no edit
 */
export function prepareCase(model: LoadedModel, one: EvaluationCase): PreparedCase {
  const { prompt, subject, targetNew, targetTrue } = one.request
  if (targetNew === null) throw asksForNoEdit(one)
  const request = { prompt, subject, target: targetNew }
  prepareEditRequest(model, request)
  const texts = promptsOf(one, targetTrue)
  return {
    case: one,
    request,
    prompts: texts.map(({ kind, index, text, expected }) => ({
      kind,
      index,
      ...planPrompt(model, text, targetNew, expected),
    })),
    generation: one.generationPrompts.map((text, index) => ({
      ids: encodePrompt(model, text),
      label: `case ${one.id}, text ${index}`,
    })),
  }
}

interface PromptText {
  readonly kind: PromptKind
  readonly index: number
  readonly text: string
  /** The answer of the unedited world. */
  readonly expected: string | null
}

function promptsOf(
  { request, paraphrases, neighbors }: EvaluationCase,
  expected: string | null,
): readonly PromptText[] {
  const text = fillTemplate(request.prompt, request.subject)
  return [
    { kind: 'rewrite', index: 0, text, expected },
    ...paraphrases.map((paraphrase, index): PromptText => {
      return { kind: 'paraphrase', index, text: paraphrase, expected }
    }),
    ...neighbors.map(({ prompt, target }, index): PromptText => {
      return { kind: 'neighborhood', index, text: prompt, expected: target }
    }),
  ]
}

/**
 * One sequence for each target of several tokens, or one for the prompt alone; a target of one token is scored beside the
 * first token of another, since both follow the prompt.
 */
function planPrompt(
  model: LoadedModel,
  text: string,
  targetNew: string,
  expected: string | null,
): Omit<PreparedPrompt, 'kind' | 'index'> {
  const prompt = encodePrompt(model, text)
  const last = prompt.length - 1
  const targets = { new: encodeTarget(model, targetNew), true: encodeTarget(model, expected) }
  const long = [targets.new, targets.true].filter((ids) => ids !== null && ids.length > 1)
  const tokens: number[][][] = (long.length === 0 ? [[0]] : long).map((ids) =>
    (ids as readonly number[]).map(() => []),
  )
  const place = (ids: readonly number[] | null): TokenPlaces | null => {
    if (ids === null) return null
    const sequence = Math.max(0, long.indexOf(ids))
    return ids.map((token, index) => {
      const picks = (tokens[sequence] as number[][])[index] as number[]
      return { sequence, place: index, pick: picks.push(token) - 1, token }
    })
  }
  const places = { new: place(targets.new), true: place(targets.true) }
  const sequences = tokens.map((scored, index) => ({
    ids: [...prompt, ...(long[index]?.slice(0, -1) ?? [])],
    scored: scored.map((picks, step) => ({ position: last + step, tokens: picks })),
  }))
  for (const { ids } of sequences) checkLength(model, text, ids.length)
  return { sequences, last, ...places }
}

function encodePrompt(model: LoadedModel, text: string): readonly number[] {
  const ids = tokenizerOf(model).encode(text)
  if (ids.length > 0) return ids
  throw new LensEngineError('PROMPT_EMPTY', 'a prompt of the case has no tokens', {
    cure: 'Write a prompt of at least one token.',
  })
}

const encodeTarget = (model: LoadedModel, target: string | null): readonly number[] | null =>
  target === null ? null : tokenizerOf(model).encodeContinuation(spaceTarget(target))

/** @throws TOKENIZER_MISSING */
export function tokenizerOf({ tokenizer }: LoadedModel): Tokenizer {
  if (tokenizer !== null) return tokenizer
  throw new LensEngineError('TOKENIZER_MISSING', 'the model has no tokenizer for the cases', {
    cure: "Put the model's tokenizer.json beside its weights.",
  })
}

function checkLength({ shape }: LoadedModel, text: string, length: number): void {
  if (length <= shape.contextLength) return
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text
  throw new LensEngineError(
    'PROMPT_TOO_LONG',
    `prompt and target have ${length} tokens and the model reads at most ${shape.contextLength}: ${JSON.stringify(shown)}`,
    {
      details: { tokens: length, contextLength: shape.contextLength, prompt: shown },
      cure: 'Shorten the prompt; nothing is cut off silently.',
    },
  )
}

function asksForNoEdit({ id }: EvaluationCase): LensEngineError {
  return new LensEngineError('BAD_ARGUMENT', `case ${id} has no new target, so there is no edit`, {
    details: { caseId: id },
    cure: 'Use a data set of edits; known_1000 only lists facts.',
  })
}
