// The catalogue of edit methods as GraphQL shows it.
import type { EditLibrary } from '../../engine/edit-library.js'
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import type { EditMethodDescription } from '../../engine/engine-vocabulary.js'
import { badInput } from '../../errors/input-error.js'
import {
  defaultsProvenances,
  editNeeds,
  hyperparameterKinds,
  requestsPerEditKinds,
} from '../../vocabulary/edit-names.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import type { EditMethodInfo, HyperparameterInfo } from './edit-method.type.js'

export class EditMethodService {
  readonly #models: ModelService
  readonly #library: EditLibrary

  constructor(models: ModelService, library: EditLibrary) {
    this.#models = models
    this.#library = library
  }

  /** Every method for a model. @throws BAD_USER_INPUT when there is no such model or it cannot be opened */
  async list(viewer: Viewer, modelId: string): Promise<EditMethodInfo[]> {
    const [model] = await this.#models.byIds(viewer, [modelId])
    if (model === undefined) throw badInput('There is no model with this id.', 'modelId')
    try {
      return this.#library.methods(model.directory).map((one) => toMethodInfo(one, modelId))
    } catch (error) {
      if (error instanceof LensEngineError) throw badInput(error.message, 'modelId')
      throw error
    }
  }

  /** What a page calls a method; its name where that is no longer known. */
  titleOf(method: string): string {
    try {
      return this.#library.method(method).title
    } catch (error) {
      if (error instanceof LensEngineError) return method
      throw error
    }
  }
}

function toMethodInfo(described: EditMethodDescription, modelId: string): EditMethodInfo {
  const { name, title, description, source, defaultsSource } = described
  return {
    ...{ modelId, name, title, description, source, defaultsSource },
    requestsPerEdit: requestsPerEditKinds.fromEngine(described.requestsPerEdit),
    needs: described.needs.map(editNeeds.fromEngine),
    provenance: defaultsProvenances.fromEngine(described.provenance),
    hyperparameters: described.hyperparameters.map(toHyperparameterInfo),
  }
}

function toHyperparameterInfo(
  one: EditMethodDescription['hyperparameters'][number],
): HyperparameterInfo {
  return {
    ...one,
    kind: hyperparameterKinds.fromEngine(one.kind),
    choices: [...one.choices],
    published: [...one.published],
  }
}
