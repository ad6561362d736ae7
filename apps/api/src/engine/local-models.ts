// Which of the models that rows name are on this machine: under the row's directory, or under its name in this machine's store.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { LensEngineError, describeModel, listModels, openModel } from '@imprint/lens-engine'

export interface NamedModel {
  readonly name: string
  readonly directory: string
  readonly digest: string
}

/** How long an answer about a model that is not here is believed. */
const believedMilliseconds = 10_000

export class LocalModels {
  readonly #home: string
  readonly #found = new Map<string, { readonly directory: string | null; readonly at: number }>()

  constructor(home: string) {
    this.#home = home
  }

  /** The directory of a model with these weights on this machine; null when there is none. */
  find(model: NamedModel): string | null {
    const key = `${model.directory} ${model.digest}`
    const known = this.#found.get(key)
    const fresh = known !== undefined && Date.now() - known.at < believedMilliseconds
    if (fresh && (known.directory === null || isModel(known.directory))) return known.directory
    const directory = isModel(model.directory) ? model.directory : this.#inStore(model)
    this.#found.set(key, { directory, at: Date.now() })
    return directory
  }

  /** A model of the same name counts only with the same weights. */
  #inStore({ name, digest }: NamedModel): string | null {
    const listed = listModels({ home: this.#home }).find((one) => one.name === name)
    if (listed === undefined || !listed.available) return null
    try {
      const files = openModel(name, { home: this.#home })
      return describeModel(files).digest === digest ? files.directory : null
    } catch (error) {
      if (error instanceof LensEngineError) return null
      throw error
    }
  }
}

const isModel = (directory: string): boolean => existsSync(path.join(directory, 'config.json'))
