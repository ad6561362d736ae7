// Hyperparameters that somebody gives for a model that is not loaded -> the complete set, or what is wrong with one.
import { defaultsFor } from '../edits/default-hyperparameters.js'
import { completeHyperparameters, type HyperparameterValues } from '../edits/hyperparameters.js'
import { findEditMethod } from '../edits/registry.js'
import { readModelParts, type ModelFiles } from '../runtime/describe-model.js'

/**
 * The defaults of a method on a model with what was given in their place, as `computeEdit` will use them.
 * @throws BAD_ARGUMENT naming the method or the hyperparameter that is wrong; as `readModelParts`
 */
export function completeEditHyperparameters(
  files: ModelFiles,
  method: string,
  given: HyperparameterValues,
): HyperparameterValues {
  const parts = readModelParts(files)
  const found = findEditMethod(method)
  const { values } = defaultsFor(found, parts)
  return completeHyperparameters(found.hyperparameters, values, given, parts.shape)
}
