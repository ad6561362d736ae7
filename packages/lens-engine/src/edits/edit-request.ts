// What someone asks to be changed -> token ids, the subject's place, and the target's tokens: parsed once, then shared by
// every method and measurement.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'

/** One fact to write: after `prompt`, the model shall say `target`. */
export interface EditRequest {
  /** Holds `{}` where the subject stands, or the subject itself exactly once. */
  readonly prompt: string
  readonly subject: string
  /** The new answer; a leading space is added when there is none. */
  readonly target: string
}

export interface PreparedEditRequest {
  readonly request: EditRequest
  /** With `{}` at the subject's place. */
  readonly template: string
  /** With the subject in its place. */
  readonly prompt: string
  readonly subject: string
  /** Begins with exactly the white space it had, or with one space. */
  readonly target: string
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  /** Positions [first, end) of the tokens that hold a character of the subject, counted in `promptIds`. */
  readonly subjectSpan: { readonly first: number; readonly end: number }
  /** Position of the subject's last token: where ROME and its relatives look a fact up. */
  readonly lookup: number
  /** Position of the prompt's last token. */
  readonly last: number
}

export interface PrepareEditOptions {
  /**
   * Ids put before every prompt, such as a model's beginning-of-text token; positions count them. None when absent, as
   * everywhere else in the engine.
   */
  readonly firstIds?: readonly number[]
}

type RequestModel = Pick<LoadedModel, 'tokenizer' | 'shape'>

const PLACE = '{}'
/** A target of more tokens is a text, not an answer. */
export const TARGET_LIMIT = 64

/**
 * Parses and tokenises a request.
 * @throws SUBJECT_NOT_IN_PROMPT, SUBJECT_AMBIGUOUS, TARGET_EMPTY, TARGET_TOO_LONG, PROMPT_TOO_LONG, PROMPT_NOT_TEXT,
 * TOKENIZER_MISSING
 */
export function prepareEditRequest(
  model: RequestModel,
  request: EditRequest,
  options: PrepareEditOptions = {},
): PreparedEditRequest {
  const tokenizer = requireTokenizer(model)
  const { template, start } = placeSubject(request)
  const { subject } = request
  const prompt = fillTemplate(template, subject)
  const target = spaceTarget(request.target)
  const placed = placePrompt(tokenizer, prompt, options.firstIds ?? [])
  const subjectSpan = findSpan(placed, start, start + subject.length, request)
  const targetIds = tokenizer.encodeContinuation(target)
  checkLengths(model, placed.ids.length, targetIds.length)
  return {
    request,
    template,
    prompt,
    subject,
    target,
    promptIds: placed.ids,
    targetIds,
    subjectSpan,
    lookup: subjectSpan.end - 1,
    last: placed.ids.length - 1,
  }
}

/** The template with `subject` at its place. */
export const fillTemplate = (template: string, subject: string): string =>
  template.replace(PLACE, () => subject)

/** Position of the last token of a subject that stands at `start` of a text. @throws SUBJECT_NOT_IN_PROMPT */
export function findSubject(
  model: RequestModel,
  text: string,
  subject: string,
  start: number,
  options: PrepareEditOptions = {},
): { readonly ids: readonly number[]; readonly lookup: number } {
  const placed = placePrompt(requireTokenizer(model), text, options.firstIds ?? [])
  const request = { prompt: text, subject, target: '' }
  const { end } = findSpan(placed, start, start + subject.length, request)
  return { ids: placed.ids, lookup: end - 1 }
}

function requireTokenizer({ tokenizer }: RequestModel): Tokenizer {
  if (tokenizer !== null) return tokenizer
  throw new LensEngineError('TOKENIZER_MISSING', 'the model has no tokenizer for the request', {
    cure: "Put the model's tokenizer.json beside its weights.",
  })
}

/** The template and the offset of the subject in the joined prompt. */
function placeSubject({ prompt, subject }: EditRequest): { template: string; start: number } {
  if (subject.trim() === '') throw notInPrompt(prompt, subject, 'the subject is empty')
  const places = prompt.split(PLACE).length - 1
  if (places === 1) return { template: prompt, start: prompt.indexOf(PLACE) }
  if (places > 1) throw ambiguous(prompt, PLACE, places)
  const start = prompt.indexOf(subject)
  if (start < 0) throw notInPrompt(prompt, subject, 'the prompt does not hold the subject')
  if (prompt.indexOf(subject, start + 1) >= 0) {
    throw ambiguous(prompt, subject, prompt.split(subject).length - 1)
  }
  const template = prompt.slice(0, start) + PLACE + prompt.slice(start + subject.length)
  return { template, start }
}

/** One leading space, unless white space is there already. @throws TARGET_EMPTY */
export function spaceTarget(target: string): string {
  if (target.trim() === '') {
    throw new LensEngineError('TARGET_EMPTY', 'the target is empty or only spaces', {
      cure: 'Write the answer the model shall give, such as "Rome".',
    })
  }
  return /^\s/.test(target) ? target : ` ${target}`
}

interface PlacedPrompt {
  readonly ids: readonly number[]
  /** Offsets of each token in the text; those put before it have none. */
  readonly spans: readonly (readonly [start: number, end: number] | null)[]
}

function placePrompt(
  tokenizer: Tokenizer,
  text: string,
  firstIds: readonly number[],
): PlacedPrompt {
  const tokens = tokenizer.encodeWithOffsets(text)
  return {
    ids: [...firstIds, ...tokens.map(({ id }) => id)],
    spans: [
      ...firstIds.map(() => null),
      ...tokens.map(({ start, end }): readonly [number, number] => [start, end]),
    ],
  }
}

/**
 * Tokens that hold a character of [start, end). Counted on the joined string: tokenising prefix and subject apart
 * miscounts where they merge.
 */
function findSpan(
  { spans }: PlacedPrompt,
  start: number,
  end: number,
  { prompt, subject }: EditRequest,
): { first: number; end: number } {
  const holds = spans.map((span) => span !== null && span[0] < end && span[1] > start)
  const first = holds.indexOf(true)
  if (first < 0) throw notInPrompt(prompt, subject, 'no token holds a character of the subject')
  return { first, end: holds.lastIndexOf(true) + 1 }
}

function checkLengths({ shape }: RequestModel, prompt: number, target: number): void {
  if (target > TARGET_LIMIT) {
    throw new LensEngineError(
      'TARGET_TOO_LONG',
      `the target has ${target} tokens, more than ${TARGET_LIMIT}`,
      {
        details: { tokens: target, limit: TARGET_LIMIT },
        cure: 'Write the answer alone: a name, a word or a short phrase.',
      },
    )
  }
  const length = prompt + target - 1
  if (length <= shape.contextLength) return
  throw new LensEngineError(
    'PROMPT_TOO_LONG',
    `prompt and target have ${prompt} and ${target} tokens and the model reads at most ${shape.contextLength}`,
    {
      details: { prompt, target, contextLength: shape.contextLength },
      cure: 'Shorten the prompt; nothing is cut off silently.',
    },
  )
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text)

function notInPrompt(prompt: string, subject: string, why: string): LensEngineError {
  return new LensEngineError(
    'SUBJECT_NOT_IN_PROMPT',
    `${why}: subject ${JSON.stringify(shortened(subject))}, prompt ${JSON.stringify(shortened(prompt))}`,
    {
      details: { prompt: shortened(prompt), subject: shortened(subject) },
      cure: 'Write the prompt with {} where the subject stands, or with the subject exactly as it is given.',
    },
  )
}

function ambiguous(prompt: string, what: string, times: number): LensEngineError {
  return new LensEngineError(
    'SUBJECT_AMBIGUOUS',
    `the prompt holds ${JSON.stringify(shortened(what))} ${times} times: ${JSON.stringify(shortened(prompt))}`,
    {
      details: { prompt: shortened(prompt), what: shortened(what), times },
      cure: 'Write {} exactly once, where the subject stands that the edit is about.',
    },
  )
}
