// Checks what a user asks for before it is queued, so that a worker never meets a question it cannot answer.
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import type { LensRequest } from '../../engine/engine-vocabulary.js'
import type { ModelLibrary } from '../../engine/model-library.js'
import { UserFailure } from '../../errors/user-failure.js'
import { lensKinds, matrixNames, targetModes } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import type { ModelRow } from '../model/model.repository.js'
import { checkText, hasLoneSurrogate } from '../text-rules.js'
import type { CreateLensRunInput } from './lens-run.input.js'
import type { RunQuestion } from './run-request.js'

const longestPrompt = 20_000
const longestTarget = 2_000
const mostIds = 20_000
const largestTopK = 50

export interface CheckedQuestion extends RunQuestion {
  readonly promptText: string | null
  readonly targetText: string | null
}

type Source = { readonly text: string } | { readonly ids: number[] }

/** @throws UserFailure naming the field, with the engine's own code where it has one */
export function checkQuestion(
  library: ModelLibrary,
  model: ModelRow,
  input: CreateLensRunInput,
): CheckedQuestion {
  const prompt = sourceOf(input.promptText, input.promptIds, 'prompt')
  const target = sourceOf(input.targetText, input.targetIds, 'target')
  const targetMode = input.targetMode ?? 'FIRST'
  const lens = input.lens ?? 'FINAL_NORM'
  const topK = checkTopK(input.topK ?? 10)
  const matrices = checkMatrices(input.matrices ?? null, model.matrices)
  const request: LensRequest = {
    prompt,
    target,
    targetMode: targetModes.toEngine(targetMode),
    lens: lensKinds.toEngine(lens),
    topK,
    matrices: matrices.map(matrixNames.toEngine),
  }
  const { inputIds, promptLength, targetIds } = asUserFailure(() =>
    library.prepare(model.directory, request),
  )
  return {
    promptText: 'text' in prompt ? prompt.text : null,
    targetText: 'text' in target ? library.spacedTarget(target.text) : null,
    promptIds: inputIds.slice(0, promptLength),
    targetIds,
    targetMode,
    lens,
    topK,
    matrices,
    provider: input.provider ?? 'AUTO',
  }
}

function sourceOf(
  text: string | null | undefined,
  ids: number[] | null | undefined,
  what: 'prompt' | 'target',
): Source {
  const hasText = text !== null && text !== undefined
  const hasIds = ids !== null && ids !== undefined
  if (hasText === hasIds) {
    const message = hasText
      ? `Both ${what}Text and ${what}Ids were given.`
      : `Neither ${what}Text nor ${what}Ids was given.`
    throw new UserFailure('BAD_ARGUMENT', message, {
      field: `${what}Text`,
      cure: 'Give exactly one of the two.',
    })
  }
  if (hasIds) {
    if (ids.length <= mostIds) return { ids }
    throw new UserFailure('PROMPT_TOO_LONG', `${ids.length} token ids are too many.`, {
      field: `${what}Ids`,
      cure: 'Shorten it.',
    })
  }
  return { text: checkSourceText(text as string, what) }
}

function checkSourceText(text: string, what: 'prompt' | 'target'): string {
  const field = `${what}Text`
  if (text.trim() === '') {
    const code = what === 'prompt' ? 'PROMPT_EMPTY' : 'TARGET_EMPTY'
    const example = what === 'prompt' ? 'The capital of France is' : ' Berlin'
    throw new UserFailure(code, `The ${what} is empty or holds nothing but spaces.`, {
      field,
      cure: `Write a ${what}, such as "${example}".`,
    })
  }
  if (text.includes('\0') || hasLoneSurrogate(text)) {
    throw new UserFailure(
      'PROMPT_NOT_TEXT',
      `The ${what} holds a NUL or half of a surrogate pair, which is not text.`,
      {
        field,
        cure: 'Remove the damaged character, or paste the text again.',
      },
    )
  }
  return checkText(text, field, what === 'prompt' ? longestPrompt : longestTarget) as string
}

function checkTopK(topK: number): number {
  if (topK >= 1 && topK <= largestTopK) return topK
  throw new UserFailure('BAD_ARGUMENT', `topK is ${topK}.`, {
    field: 'topK',
    cure: `Use a number from 1 to ${largestTopK}.`,
  })
}

function checkMatrices(
  asked: readonly MatrixNameKey[] | null,
  known: readonly MatrixNameKey[],
): MatrixNameKey[] {
  if (asked === null) return [...known]
  const missing = asked.filter((matrix) => !known.includes(matrix))
  if (asked.length > 0 && missing.length === 0)
    return known.filter((matrix) => asked.includes(matrix))
  const message =
    asked.length === 0 ? 'No matrices were named.' : `This model has no ${missing.join(', ')}.`
  throw new UserFailure('BAD_ARGUMENT', message, {
    field: 'matrices',
    cure: `Choose from ${known.join(', ')}, or leave it out.`,
  })
}

const fieldByCode: Readonly<Record<string, string>> = {
  PROMPT_EMPTY: 'promptText',
  PROMPT_TOO_LONG: 'promptText',
  PROMPT_NOT_TEXT: 'promptText',
  TARGET_EMPTY: 'targetText',
  TOKENIZER_MISSING: 'promptText',
}

function asUserFailure<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof LensEngineError)) throw error
    const what = error.details['what']
    const field =
      error.code === 'TOKEN_OUT_OF_RANGE' ? `${String(what)}Ids` : (fieldByCode[error.code] ?? null)
    throw new UserFailure(error.code, sentence(error.message), { field, cure: error.cure })
  }
}

/** The engine's messages begin in lower case; a page shows them as sentences. */
function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}
