// Edits as the API process sees them: methods described, requests parsed and hyperparameters checked from files alone.
import {
  completeEditHyperparameters,
  describeEditMethods,
  findEditMethod,
  openModel,
} from '@imprint/lens-engine'
import type {
  EditMethodDescription,
  EditMethodName,
  HyperparameterValues,
  ModelFiles,
} from '@imprint/lens-engine'

export class EditLibrary {
  readonly #home: string
  readonly #files = new Map<string, ModelFiles>()
  readonly #methods = new Map<string, readonly EditMethodDescription[]>()

  constructor(home: string) {
    this.#home = home
  }

  /** Every method with its defaults for the model in a directory. @throws LensEngineError when it cannot be opened */
  methods(directory: string): readonly EditMethodDescription[] {
    const known = this.#methods.get(directory)
    if (known !== undefined) return known
    const described = describeEditMethods(this.#open(directory))
    this.#methods.set(directory, described)
    return described
  }

  /** @throws BAD_ARGUMENT naming the methods there are */
  method(name: string): {
    readonly name: EditMethodName
    readonly title: string
    readonly requestsPerEdit: 'one' | 'many'
  } {
    return findEditMethod(name)
  }

  /** @throws BAD_ARGUMENT naming the hyperparameter that is unknown or out of range */
  checkHyperparameters(directory: string, method: string, given: HyperparameterValues): void {
    completeEditHyperparameters(this.#open(directory), method, given)
  }

  #open(directory: string): ModelFiles {
    const known = this.#files.get(directory)
    if (known !== undefined) return known
    const files = openModel(directory, { home: this.#home })
    this.#files.set(directory, files)
    return files
  }
}
