// A model and the methods that will edit it -> what they need besides: key covariances and a trained editor, from Imprint's
// home, or made there first where the bundled model lacks them.
import type { MatrixAddress } from '../architectures/hook-points.js'
import { defaultsFor, type DefaultsModel } from '../edits/default-hyperparameters.js'
import type { EditMethodName, EditProgress, EditResources } from '../edits/edit-method.js'
import { completeHyperparameters, type HyperparameterValues } from '../edits/hyperparameters.js'
import { findEditMethod } from '../edits/registry.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { prepareEditor } from './mend-editors.js'
import { coveredMatrices, covarianceReader, prepareCovariances } from './prepare-covariances.js'

/** A method that will be used, with those hyperparameters that differ from the defaults. */
export interface MethodUse {
  readonly method: EditMethodName
  readonly hyperparameters?: HyperparameterValues
}

export interface PrepareOptions {
  readonly home: string
  readonly methods: readonly MethodUse[]
  /** A trained editor to use in place of the stored one. */
  readonly mendCheckpoint?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Of what has to be computed; silent when everything is there. */
  readonly onProgress?: ((progress: EditProgress) => void) | undefined
}

/**
 * Prepares what the methods need. Context templates are not among it: methods sample them from the model.
 * @throws KEY_COVARIANCE_MISSING, MEND_CHECKPOINT_MISSING with the command to give, for models other than the bundled one;
 * BAD_ARGUMENT for a wrong hyperparameter; RUN_CANCELLED, DISK_FULL, FILE_UNREADABLE
 */
export async function prepareResources(
  model: LoadedModel,
  options: PrepareOptions,
): Promise<Omit<EditResources, 'contextTemplates'>> {
  const { home, methods } = options
  const addresses = readCovariances(model, methods)
  await prepareCovariances(model, addresses, options)
  const mends = methods.some(({ method }) =>
    findEditMethod(method).needs.includes('mend-checkpoint'),
  )
  const mendCheckpoint =
    options.mendCheckpoint ?? (mends ? await prepareEditor(model, options) : undefined)
  const keyCovariance = covarianceReader(model, home)
  return { keyCovariance, ...(mendCheckpoint === undefined ? {} : { mendCheckpoint }) }
}

/**
 * The matrices whose key covariance the methods will read.
 * @throws BAD_ARGUMENT for an unknown method or a wrong hyperparameter
 */
export function readCovariances(
  model: DefaultsModel,
  methods: readonly MethodUse[],
): readonly MatrixAddress[] {
  return methods.flatMap(({ method, hyperparameters = {} }) => {
    const found = findEditMethod(method)
    if (!found.needs.includes('key-covariance')) return []
    const { values } = defaultsFor(found, model)
    return coveredMatrices(
      completeHyperparameters(found.hyperparameters, values, hyperparameters, model.shape),
    )
  })
}
