// Requests with their probes -> the prompts on which an edit's effect is read, as token ids.
import { prepareEditRequest, spaceTarget, type PreparedEditRequest } from '../edits/edit-request.js'
import type { EditRequest } from '../edits/edit-request.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import type { EditPromptKind } from './edit-answer.js'
import type { EditProbes } from './edit-task.js'

/** An answer to look for, and its tokens as they follow a prompt. */
export interface AskedTarget {
  readonly text: string
  readonly ids: readonly number[]
}

export interface AskedPrompt {
  readonly kind: EditPromptKind
  readonly text: string
  readonly ids: readonly number[]
  readonly target: AskedTarget | null
  /** The answer of the unedited world. */
  readonly truth: AskedTarget | null
}

interface PromptTexts {
  readonly kind: EditPromptKind
  readonly text: string
  readonly target?: string | undefined
  readonly truth?: string | undefined
}

/** Prompts of one task at most. */
export const PROMPT_LIMIT = 2000

/** @throws TOKENIZER_MISSING, PROMPT_EMPTY, PROMPT_NOT_TEXT, PROMPT_TOO_LONG, TARGET_EMPTY */
export function askPrompt(model: LoadedModel, texts: PromptTexts): AskedPrompt {
  const { kind, text } = texts
  const tokenizer = requireTokenizer(model)
  const ids = tokenizer.encode(text)
  if (ids.length === 0) {
    throw new LensEngineError('PROMPT_EMPTY', `a ${kind} prompt has no tokens`, {
      cure: 'Write a prompt of at least one token.',
    })
  }
  const find = (wanted: string | undefined): AskedTarget | null =>
    wanted === undefined
      ? null
      : { text: wanted, ids: tokenizer.encodeContinuation(spaceTarget(wanted)) }
  const [target, truth] = [find(texts.target), find(texts.truth)]
  const longest = Math.max(1, target?.ids.length ?? 0, truth?.ids.length ?? 0)
  checkLength(model, text, ids.length + longest - 1)
  return { kind, text, ids, target, truth }
}

/** Rewrite prompts of all requests, then the probes, which belong to the first request. @throws as `askPrompt` */
export function askProbes(
  model: LoadedModel,
  requests: readonly EditRequest[],
  { truth, paraphrases = [], neighbors = [], asked = [] }: EditProbes,
): readonly AskedPrompt[] {
  const target = requests[0]?.target
  const texts: readonly PromptTexts[] = [
    ...prepareRequests(model, requests).map(({ prompt, request }, index): PromptTexts => ({
      kind: 'rewrite',
      text: prompt,
      target: request.target,
      truth: index === 0 ? truth : undefined,
    })),
    ...paraphrases.map((text): PromptTexts => ({ kind: 'paraphrase', text, target, truth })),
    ...neighbors.map((near): PromptTexts => ({
      kind: 'neighborhood',
      text: near.prompt,
      target,
      truth: near.target,
    })),
    ...asked.map((one): PromptTexts => ({
      kind: 'asked',
      text: one.prompt,
      target: one.target,
    })),
  ]
  checkCount(texts.length)
  return texts.map((one) => askPrompt(model, one))
}

export const prepareRequests = (
  model: LoadedModel,
  requests: readonly EditRequest[],
): readonly PreparedEditRequest[] => requests.map((one) => prepareEditRequest(model, one))

/** @throws TOKENIZER_MISSING */
export function requireTokenizer({ tokenizer }: LoadedModel): Tokenizer {
  if (tokenizer !== null) return tokenizer
  throw new LensEngineError('TOKENIZER_MISSING', 'the model has no tokenizer for the prompts', {
    cure: "Put the model's tokenizer.json beside its weights.",
  })
}

/** @throws BAD_ARGUMENT */
export function checkCount(prompts: number): void {
  if (prompts <= PROMPT_LIMIT) return
  throw new LensEngineError('BAD_ARGUMENT', `the task has ${prompts} prompts`, {
    details: { prompts, limit: PROMPT_LIMIT },
    cure: `Ask at most ${PROMPT_LIMIT} at once; \`lens evaluate\` measures more.`,
  })
}

function checkLength({ shape }: LoadedModel, text: string, length: number): void {
  if (length <= shape.contextLength) return
  const prompt = text.length > 120 ? `${text.slice(0, 117)}...` : text
  throw new LensEngineError(
    'PROMPT_TOO_LONG',
    `prompt and target have ${length} tokens and the model reads at most ${shape.contextLength}: ${JSON.stringify(prompt)}`,
    {
      details: { tokens: length, contextLength: shape.contextLength, prompt },
      cure: 'Shorten the prompt; nothing is cut off silently.',
    },
  )
}
