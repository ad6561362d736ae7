// Checks what a user asks of an edit before it is queued: every mistake that needs no computing to be seen.
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import type { HyperparameterValues } from '../../engine/engine-vocabulary.js'
import type { EditLibrary } from '../../engine/edit-library.js'
import type { ModelLibrary } from '../../engine/model-library.js'
import { UserFailure } from '../../errors/user-failure.js'
import type { ModelRow } from '../model/model.repository.js'
import { checkText } from '../text-rules.js'
import type { CreateEditInput, EditProbesInput, EditRequestInput } from './edit.input.js'
import type { EditProbes, EditRequest } from './edit.type.js'
import type { EditQuestion } from './task-input.js'

const limits = {
  ...{ text: 20_000, target: 2_000, requests: 100, onTopOf: 20 },
  ...{ paraphrases: 20, neighbors: 20, generationPrompts: 5 },
} as const
const largestSeed = 2 ** 31 - 1

export interface EditTools {
  readonly library: ModelLibrary
  readonly editLibrary: EditLibrary
}

/** @throws UserFailure naming the field, with the engine's own code where it has one */
export function checkEdit(
  { library, editLibrary }: EditTools,
  model: ModelRow,
  input: CreateEditInput,
): Omit<EditQuestion, 'onTopOf'> {
  const { directory } = model
  const method = withField('method', () => editLibrary.method(input.method))
  checkCount('requests', input.requests.length, limits.requests)
  if (method.requestsPerEdit === 'one' && input.requests.length > 1)
    throw tooMany(method.name, input.requests.length)
  const requests = input.requests.map((request, index) =>
    checkRequest(library, directory, request, `requests.${index}`),
  )
  return {
    method: method.name,
    requests,
    hyperparameters: checkHyperparameters(editLibrary, directory, input),
    seed: checkSeed(input.seed ?? 0),
    probes: checkProbes(library, directory, input.probes ?? {}),
  }
}

function checkRequest(
  library: ModelLibrary,
  directory: string,
  request: EditRequestInput,
  field: string,
): EditRequest {
  const { prompt, subject, target } = request
  const plain = {
    prompt: checkText(prompt, `${field}.prompt`, limits.text) ?? '',
    subject: checkText(subject, `${field}.subject`, limits.text) ?? '',
    target: checkText(target, `${field}.target`, limits.target) ?? '',
  }
  const prepare = () => library.prepareEdit(directory, plain)
  return { ...plain, target: withField(field, prepare).target }
}

function checkHyperparameters(
  library: EditLibrary,
  directory: string,
  { method, hyperparameters }: CreateEditInput,
): HyperparameterValues {
  const given = hyperparameters ?? {}
  if (typeof given !== 'object' || Array.isArray(given))
    throw new UserFailure('BAD_ARGUMENT', 'The hyperparameters are no object.', {
      field: 'hyperparameters',
      cure: 'Write an object such as {"layer": 2}; `editMethods` lists the names.',
    })
  const values = given as HyperparameterValues
  withField('hyperparameters', () => library.checkHyperparameters(directory, method, values))
  return values
}

function checkSeed(seed: number): number {
  if (seed >= 0 && seed <= largestSeed) return seed
  throw new UserFailure('BAD_ARGUMENT', `The seed is ${seed}.`, {
    field: 'seed',
    cure: `Use a whole number from 0 to ${largestSeed}.`,
  })
}

function checkProbes(
  library: ModelLibrary,
  directory: string,
  { truth, paraphrases, neighbors, generationPrompts }: EditProbesInput,
): EditProbes {
  const prompts = (name: 'paraphrases' | 'generationPrompts', texts: readonly string[]) => {
    checkCount(`probes.${name}`, texts.length, limits[name])
    return texts.map((text, i) => checkPrompt(library, directory, text, `probes.${name}.${i}`))
  }
  checkCount('probes.neighbors', neighbors?.length ?? 0, limits.neighbors)
  return {
    truth: checkTarget(truth ?? null, 'probes.truth'),
    paraphrases: prompts('paraphrases', paraphrases ?? []),
    neighbors: (neighbors ?? []).map(({ prompt, target }, index) => ({
      prompt: checkPrompt(library, directory, prompt, `probes.neighbors.${index}.prompt`),
      target: requireTarget(target, `probes.neighbors.${index}.target`),
    })),
    generationPrompts: prompts('generationPrompts', generationPrompts ?? []),
  }
}

/** A prompt that a model is asked. @throws UserFailure for one that is empty, or longer than the model reads */
export function checkPrompt(
  library: ModelLibrary,
  directory: string,
  prompt: string,
  field: string,
): string {
  const text = checkText(prompt, field, limits.text)
  if (text === null || text.trim() === '')
    throw new UserFailure('PROMPT_EMPTY', 'The prompt is empty or holds nothing but spaces.', {
      field,
      cure: 'Write a prompt, or leave it out.',
    })
  const request = { prompt: { text }, target: { text: ' a' }, targetMode: 'first' } as const
  withField(field, () => library.prepare(directory, request))
  return text
}

/** A text whose probability is followed; null when there is none. @throws UserFailure for one of spaces */
export function checkTarget(target: string | null, field: string): string | null {
  const text = checkText(target, field, limits.target)
  return text === null ? null : requireTarget(text, field)
}

function requireTarget(target: string, field: string): string {
  const text = checkText(target, field, limits.target)
  if (text !== null && text.trim() !== '') return text
  throw new UserFailure('TARGET_EMPTY', 'The target is empty or holds nothing but spaces.', {
    field,
    cure: 'Write a target, such as " Paris".',
  })
}

function checkCount(field: string, count: number, most: number): void {
  if (count <= most && (count > 0 || field !== 'requests')) return
  const message = count === 0 ? 'There is no request.' : `${field} holds ${count} entries.`
  throw new UserFailure('BAD_ARGUMENT', message, {
    field,
    cure: count === 0 ? 'Give at least one.' : `Give at most ${most}.`,
  })
}

function tooMany(method: string, count: number): UserFailure {
  return new UserFailure('BAD_ARGUMENT', `${method} was given ${count} requests.`, {
    field: 'requests',
    cure: 'Give it exactly one; several edits can be applied together.',
  })
}

export function checkEditCount(field: string, ids: readonly string[]): void {
  checkCount(field, ids.length, limits.onTopOf)
}

/** The part of a request that an error of the engine is about. */
const partByCode: Readonly<Record<string, string>> = {
  SUBJECT_NOT_IN_PROMPT: 'subject',
  SUBJECT_AMBIGUOUS: 'prompt',
  PROMPT_TOO_LONG: 'prompt',
  PROMPT_NOT_TEXT: 'prompt',
  TARGET_EMPTY: 'target',
  TARGET_TOO_LONG: 'target',
}

/** An error of the engine becomes a user's, with the field it is about. */
export function withField<Result>(field: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof LensEngineError)) throw error
    const message = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
    throw new UserFailure(error.code, message, { field: fieldOf(field, error), cure: error.cure })
  }
}

function fieldOf(field: string, { code, details }: LensEngineError): string {
  const { hyperparameter } = details
  if (field === 'hyperparameters' && typeof hyperparameter === 'string')
    return `hyperparameters.${hyperparameter.slice(0, 100)}`
  const part = field.startsWith('requests.') ? partByCode[code] : undefined
  return part === undefined ? field : `${field}.${part}`
}
