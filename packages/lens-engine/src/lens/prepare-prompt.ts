// A lens request -> token ids and the places its loss is read: validated before anything is computed.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { LensRequest, TargetMode, TextOrIds } from './lens-result.js'

export interface ScoredPlace {
  readonly position: number
  readonly token: number
}

export interface PreparedPrompt {
  /** What the model reads: the prompt and, in `sequence` mode, the target but its last token. */
  readonly inputIds: readonly number[]
  readonly promptLength: number
  readonly targetIds: readonly number[]
  readonly mode: TargetMode
  readonly rankedTarget: number
  /** The first place is the prompt's last position. */
  readonly scored: readonly ScoredPlace[]
}

type PromptModel = Pick<LoadedModel, 'tokenizer' | 'shape'>

/**
 * Tokenises and validates one request.
 * @throws PROMPT_EMPTY, PROMPT_TOO_LONG, PROMPT_NOT_TEXT, TARGET_EMPTY, TOKEN_OUT_OF_RANGE, TOKENIZER_MISSING
 */
export function preparePrompt(model: PromptModel, request: LensRequest): PreparedPrompt {
  const promptIds = tokenIds(model, request.prompt, 'prompt')
  const targetIds = tokenIds(model, spacedTarget(request.target), 'target')
  if (promptIds.length === 0) {
    throw new LensEngineError('PROMPT_EMPTY', 'the prompt has no tokens', {
      cure: 'Write a prompt of at least one token, such as "The capital of France is".',
    })
  }
  if (targetIds.length === 0) throw emptyTarget()
  const mode = request.targetMode ?? 'first'
  const inputIds = mode === 'sequence' ? [...promptIds, ...targetIds.slice(0, -1)] : promptIds
  checkLength(inputIds.length, model.shape.contextLength)
  const rankedTarget = (mode === 'last' ? targetIds.at(-1) : targetIds[0]) as number
  return {
    inputIds,
    promptLength: promptIds.length,
    targetIds,
    mode,
    rankedTarget,
    scored: scoredPlaces(promptIds.length, targetIds, mode, rankedTarget),
  }
}

function scoredPlaces(
  promptLength: number,
  targetIds: readonly number[],
  mode: TargetMode,
  rankedTarget: number,
): readonly ScoredPlace[] {
  return mode === 'sequence'
    ? targetIds.map((token, index) => ({ position: promptLength - 1 + index, token }))
    : [{ position: promptLength - 1, token: rankedTarget }]
}

/** A target continues the prompt, so it begins with a space; one that already does is left alone. */
export function spacedTarget(target: TextOrIds): TextOrIds {
  if ('ids' in target) return target
  if (target.text.trim() === '') throw emptyTarget()
  return /^\s/.test(target.text) ? target : { text: ` ${target.text}` }
}

function tokenIds(
  model: PromptModel,
  source: TextOrIds,
  what: 'prompt' | 'target',
): readonly number[] {
  if ('ids' in source) {
    source.ids.forEach((id, index) => checkTokenId(id, index, what, model.shape.vocabularySize))
    return source.ids
  }
  if (model.tokenizer === null) {
    throw new LensEngineError('TOKENIZER_MISSING', `the model has no tokenizer for the ${what}`, {
      details: { what },
      cure: `Give the ${what} as token ids, or put the model's tokenizer.json beside its weights.`,
    })
  }
  const { tokenizer } = model
  const ids =
    what === 'prompt' ? tokenizer.encode(source.text) : tokenizer.encodeContinuation(source.text)
  ids.forEach((id, index) => checkTokenId(id, index, what, model.shape.vocabularySize))
  return ids
}

function checkTokenId(id: number, index: number, what: string, vocabularySize: number): void {
  if (Number.isSafeInteger(id) && id >= 0 && id < vocabularySize) return
  throw new LensEngineError('TOKEN_OUT_OF_RANGE', `token ${index} of the ${what} is ${id}`, {
    details: { what, index, id, vocabularySize },
    cure: `Use token ids from 0 to ${vocabularySize - 1}.`,
  })
}

function checkLength(length: number, contextLength: number): void {
  if (length <= contextLength) return
  throw new LensEngineError(
    'PROMPT_TOO_LONG',
    `the prompt has ${length} tokens and the model reads at most ${contextLength}`,
    {
      details: { length, contextLength },
      cure: 'Shorten the prompt; nothing is cut off silently.',
    },
  )
}

function emptyTarget(): LensEngineError {
  return new LensEngineError('TARGET_EMPTY', 'the target has no tokens besides spaces', {
    cure: 'Write the word the model should have said, such as " Berlin".',
  })
}
