// Arms as they are asked for -> arms with every hyperparameter and where it comes from; nothing is loaded for it.
import { defaultsFor, type DefaultsModel } from '../edits/default-hyperparameters.js'
import type { EditMethodName } from '../edits/edit-method.js'
import { completeHyperparameters, type HyperparameterValues } from '../edits/hyperparameters.js'
import { findEditMethod } from '../edits/registry.js'
import { LensEngineError } from '../errors.js'
import { readModelParts, type ModelFiles } from '../runtime/describe-model.js'
import type { EvaluationArm } from './evaluation-record.js'

/** An arm as it is asked for. */
export interface ArmRequest {
  /** The method's name when absent. */
  readonly name?: string
  readonly method: EditMethodName
  /** Those that differ from the defaults. */
  readonly hyperparameters?: HyperparameterValues
}

/**
 * Arms with complete hyperparameters, as `runEvaluation` uses them on this model.
 * @throws BAD_ARGUMENT for no arm, a name that stands twice, an unknown method or a wrong hyperparameter; as `readModelParts`
 */
export function evaluationArms(
  files: ModelFiles,
  requests: readonly ArmRequest[],
): readonly EvaluationArm[] {
  return completeArms(readModelParts(files), requests)
}

/** As `evaluationArms`, of a model whose parts are read. */
export function completeArms(
  model: DefaultsModel,
  requests: readonly ArmRequest[],
): readonly EvaluationArm[] {
  checkArms(requests)
  return requests.map((request) => completeArm(model, request))
}

/** @throws BAD_ARGUMENT for no arm and for a name that stands twice */
export function checkArms(arms: readonly ArmRequest[]): void {
  const names = arms.map(({ name, method }) => name ?? method)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw badArms(`two arms are called ${twice}`, 'Give each a name of its own.', { arm: twice })
  }
  if (arms.length === 0) throw badArms('no method is named', 'Name at least one.', {})
}

function completeArm(model: DefaultsModel, request: ArmRequest): EvaluationArm {
  const method = findEditMethod(request.method)
  const { values, provenance, source } = defaultsFor(method, model)
  const { hyperparameters: specs } = method
  const given = request.hyperparameters ?? {}
  return {
    name: request.name ?? request.method,
    method: request.method,
    hyperparameters: completeHyperparameters(specs, values, given, model.shape),
    defaults: `${provenance}: ${source}`,
  }
}

const badArms = (
  message: string,
  cure: string,
  details: Readonly<Record<string, string>>,
): LensEngineError => new LensEngineError('BAD_ARGUMENT', message, { details, cure })
