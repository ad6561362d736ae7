// A method with its hyperparameters -> what has to be made before it can run, in words.
import { existsSync } from 'node:fs'
import type { MatrixAddress } from '../architectures/hook-points.js'
import type { EditMethod } from '../edits/edit-method.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { findCovariance, locateCovariance } from '../key-covariance/covariance-store.js'
import { LensEngineError } from '../errors.js'
import { bundledCorpus, isBundled } from '../resources/bundled-model.js'
import { bundledTraining, editorPath } from '../resources/mend-editors.js'
import { coveredMatrices } from '../resources/prepare-covariances.js'
import type { LoadedModel } from '../runtime/load-model.js'

export interface NeedsOptions {
  readonly home: string
  readonly mendCheckpoint?: string | undefined
}

/** One sentence for each thing that is missing: made on the way, or by which command. */
export function findMissing(
  model: LoadedModel,
  { needs }: EditMethod,
  values: HyperparameterValues,
  { home, mendCheckpoint }: NeedsOptions,
): readonly string[] {
  const covariances = needs.includes('key-covariance')
    ? missingCovariances(model, coveredMatrices(values), home)
    : []
  if (!needs.includes('mend-checkpoint') || mendCheckpoint !== undefined) return covariances
  return [...covariances, ...missingEditor(model, home)]
}

function missingCovariances(
  model: LoadedModel,
  addresses: readonly MatrixAddress[],
  home: string,
): readonly string[] {
  const missing = addresses.filter((address) => locateCovariance(home, model, address) === null)
  if (missing.length === 0) return []
  const layers = missing.map(({ layer }) => layer).join(', ')
  if (isBundled(model, home) && bundledCorpus() !== null) {
    return [
      `the key covariance of mlp.down in layer ${layers}: computed first, from the text the model was trained on, and kept; about a minute`,
    ]
  }
  return missing.flatMap((address) => reasonOf(() => findCovariance(home, model, address)))
}

function missingEditor(model: LoadedModel, home: string): readonly string[] {
  if (existsSync(editorPath(home, model))) return []
  const editor = 'an editor of mend for this model'
  return isBundled(model, home)
    ? [`${editor}: trained first, with ${bundledTraining.updates} updates, and kept; some minutes`]
    : [
        `${editor}. Train one: lens train-mend --model ${model.files.name} --dataset counterfact.json --steps 1000`,
      ]
}

function reasonOf(find: () => unknown): readonly string[] {
  try {
    find()
    return []
  } catch (error) {
    if (error instanceof LensEngineError) return [`${error.message}. ${error.cure}`]
    throw error
  }
}
