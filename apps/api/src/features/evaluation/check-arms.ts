// Arms as a user asks for them -> arms with every hyperparameter, each under a name of its own.
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import type {
  ArmRequest,
  EvaluationArm,
  EvaluationLibrary,
} from '../../engine/evaluation-library.js'
import type { ModelLibrary } from '../../engine/model-library.js'
import { UserFailure } from '../../errors/user-failure.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelRow } from '../model/model.repository.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import type { ArmValues } from './evaluation-change.repository.js'
import type { ArmInput } from './evaluation.input.js'

interface ArmChecksParts {
  readonly models: ModelService
  readonly library: ModelLibrary
  readonly evaluationLibrary: EvaluationLibrary
}

interface Beside {
  /** Names of the arms that are there. */
  readonly taken: readonly string[]
  readonly most: number
}

const longestName = 100

/** @throws UserFailure naming the arm and the field that is wrong */
export async function checkArms(
  parts: ArmChecksParts,
  viewer: Viewer,
  inputs: readonly ArmInput[],
  { taken, most }: Beside,
): Promise<readonly ArmValues[]> {
  const count = taken.length + inputs.length
  if (inputs.length === 0 || count > most) throw wrongCount(count, most)
  const models = new Map<string, ModelRow>()
  for (const [index, { modelId }] of inputs.entries()) {
    const known = models.get(modelId)
    models.set(modelId, known ?? (await usableModel(parts, viewer, modelId, `arms.${index}`)))
  }
  const names = new Set(taken)
  return inputs.map((input, index): ArmValues => {
    const model = models.get(input.modelId) as ModelRow
    const name = nameOf(input, model, { index, several: models.size > 1 })
    if (names.has(name)) throw twice(name, index)
    names.add(name)
    const { method, hyperparameters, defaults } = complete(parts, model, input, { index, name })
    return { name, modelId: model.id, method, hyperparameters: { ...hyperparameters }, defaults }
  })
}

function nameOf(
  { name, method }: ArmInput,
  model: ModelRow,
  { index, several }: { readonly index: number; readonly several: boolean },
): string {
  const given = checkText(name?.trim(), `arms.${index}.name`, longestName)
  return given ?? (several ? `${method} (${model.name})` : method)
}

async function usableModel(
  { models, library }: ArmChecksParts,
  viewer: Viewer,
  id: string,
  field: string,
): Promise<ModelRow> {
  const model = await models.require(viewer, id, `${field}.modelId`)
  const reason = library.unavailableReason(model.directory)
  if (reason !== null)
    throw new UserFailure('MODEL_UNAVAILABLE', reason, {
      field: `${field}.modelId`,
      cure: 'Choose another model, or add it again.',
    })
  if (model.hasTokenizer) return model
  throw new UserFailure('TOKENIZER_MISSING', `${model.name} has no tokenizer.`, {
    field: `${field}.modelId`,
    cure: 'Cases are written in words: choose a model with a tokenizer.json.',
  })
}

function complete(
  { evaluationLibrary }: ArmChecksParts,
  { directory }: ModelRow,
  { method, hyperparameters }: ArmInput,
  { index, name }: { readonly index: number; readonly name: string },
): EvaluationArm {
  const given = hyperparameters ?? {}
  const field = `arms.${index}.hyperparameters`
  if (typeof given !== 'object' || Array.isArray(given))
    throw new UserFailure('BAD_ARGUMENT', 'The hyperparameters are no object.', {
      field,
      cure: 'Write an object such as {"layer": 2}; `editMethods` lists the names.',
    })
  try {
    const request = { name, method, hyperparameters: given } as ArmRequest
    return evaluationLibrary.completeArm(directory, request)
  } catch (error) {
    if (!(error instanceof LensEngineError)) throw error
    throw asFailure(error, index)
  }
}

function asFailure({ code, message, details, cure }: LensEngineError, index: number): UserFailure {
  const { hyperparameter, method } = details
  const about =
    typeof hyperparameter === 'string'
      ? `hyperparameters.${hyperparameter.slice(0, 100)}`
      : method === undefined
        ? 'modelId'
        : 'method'
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
  return new UserFailure(code, sentence, { field: `arms.${index}.${about}`, cure })
}

const wrongCount = (count: number, most: number): UserFailure =>
  new UserFailure('BAD_ARGUMENT', count === 0 ? 'There is no arm.' : `There are ${count} arms.`, {
    field: 'arms',
    cure: `Give at least one, and at most ${most} in all.`,
  })

const twice = (name: string, index: number): UserFailure =>
  new UserFailure('ARM_NAME_TAKEN', `Two arms are called ${name}.`, {
    field: `arms.${index}.name`,
    cure: 'Give each a name of its own.',
  })
