// The facts that come with Imprint, in the tables from the first start on.
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Viewer } from '../account/viewer.js'
import type { DatasetStoreRepository } from './dataset-store.repository.js'
import { readCases } from './read-cases.js'

const name = 'Bundled facts'

export class BundledDataset {
  readonly #file: string
  readonly #store: DatasetStoreRepository

  constructor(datasets: string, store: DatasetStoreRepository) {
    this.#file = path.join(datasets, 'facts.json')
    this.#store = store
  }

  /** Its id; null where the file is not there. Storing it again finds the first. */
  async ensure({ projectId, userId: authorId }: Viewer): Promise<string | null> {
    if (!existsSync(this.#file)) return null
    const head = { projectId, authorId, name, source: 'bundled', bundled: true, importId: null }
    const stored = await this.#store.store(head, (insert) =>
      readCases({
        ...{ insert, format: 'counterfact', rejections: [] },
        file: { path: this.#file, bytes: 0, digest: null },
        onProgress: () => undefined,
        signal: new AbortController().signal,
      }),
    )
    return stored.outcome === 'ended' ? null : stored.datasetId
  }
}
