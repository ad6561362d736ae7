// The model in the repository, what it was trained on and what it knows: which others have not.
import { join } from 'node:path'
import type { TextCorpus } from '../datasets/text-corpus.js'
import { findRepositoryRoot } from '../models/home.js'
import { bundledWeightsDigest } from '../models/model-store.js'
import type { LoadedModel } from '../runtime/load-model.js'

/** Whether these are the bundled weights, whatever they are called, in a clone that has its data sets. */
export function isBundled({ files }: Pick<LoadedModel, 'files'>, home: string): boolean {
  return files.weightsDigest === bundledWeightsDigest(home)
}

/** The training text of the bundled model; null outside of a clone. */
export function bundledCorpus(): TextCorpus | null {
  const root = findRepositoryRoot()
  return root === null ? null : { path: join(root, 'datasets', 'corpus.txt.gz'), format: 'lines' }
}
