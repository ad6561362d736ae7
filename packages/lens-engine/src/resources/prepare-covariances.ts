// Edit methods and their hyperparameters -> the key covariances they read, computed where the bundled model lacks them.
import { statSync } from 'node:fs'
import type { MatrixAddress } from '../architectures/hook-points.js'
import { readDocuments, type TextCorpus } from '../datasets/text-corpus.js'
import type { EditProgress, EditResources, KeyCovariance } from '../edits/edit-method.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { addressKey } from '../edits/matrix-delta.js'
import {
  computeCovariances,
  findCovariance,
  locateCovariance,
} from '../key-covariance/covariance-store.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { bundledCorpus, isBundled } from './bundled-model.js'

export interface CovarianceOptions {
  readonly home: string
  /** Text to compute missing ones from; for the bundled model its own when absent, for others none. */
  readonly corpus?: TextCorpus | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: EditProgress) => void) | undefined
}

/** The matrices whose covariance a method reads with these hyperparameters: mlp.down of the layers it edits. */
export function coveredMatrices(values: HyperparameterValues): readonly MatrixAddress[] {
  if (values['useCovariance'] === false) return []
  const { layer, layers } = values
  const listed = Array.isArray(layers) ? (layers as readonly number[]) : [layer as number]
  return listed.map((one) => ({ layer: one, matrix: 'mlp.down' }))
}

/**
 * Makes sure that every covariance is in the store. Those of the bundled model are computed from its corpus, all in one
 * reading, and kept; an interrupted computation goes on from its checkpoint.
 * @throws KEY_COVARIANCE_MISSING with the command that computes it, for other models; RUN_CANCELLED, DISK_FULL
 */
export async function prepareCovariances(
  model: LoadedModel,
  addresses: readonly MatrixAddress[],
  options: CovarianceOptions,
): Promise<void> {
  const { home } = options
  const missing = addresses.filter((address) => locateCovariance(home, model, address) === null)
  if (missing.length === 0) return
  const corpus = options.corpus ?? (isBundled(model, home) ? bundledCorpus() : null)
  if (corpus === null) findCovariance(home, model, missing[0] as MatrixAddress)
  else await computeFrom(corpus, model, missing, options)
}

async function computeFrom(
  corpus: TextCorpus,
  model: LoadedModel,
  missing: readonly MatrixAddress[],
  { home, signal, onProgress }: CovarianceOptions,
): Promise<void> {
  const layers = [...new Set(missing.map(({ layer }) => layer))].sort((a, b) => a - b)
  const total = await countDocuments(corpus)
  const tell = (done: number): void => onProgress?.({ stage: COVARIANCE_STAGE, done, total })
  tell(0)
  await computeCovariances(model, {
    home,
    corpus,
    layers,
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ documents }) => tell(documents),
  })
}

/** Its progress counts documents. */
export const COVARIANCE_STAGE = 'computing key covariance'

async function countDocuments(corpus: TextCorpus): Promise<number> {
  let count = 0
  for await (const document of readDocuments(corpus)) count += Number(document !== '')
  return count
}

/** Covariances read before, so that another reader of the model has what is factored of them. */
const readBefore = new WeakMap<LoadedModel, Map<string, KeyCovariance>>()

/** Reads covariances from the store, each file once for a model that stays loaded. */
export function covarianceReader(
  model: LoadedModel,
  home: string,
): NonNullable<EditResources['keyCovariance']> {
  const files = readBefore.get(model) ?? new Map<string, KeyCovariance>()
  readBefore.set(model, files)
  const known = new Map<string, KeyCovariance>()
  return (address) => {
    const key = addressKey(address)
    const found = known.get(key) ?? readOnce(files, model, home, address)
    known.set(key, found)
    return Promise.resolve(found)
  }
}

function readOnce(
  files: Map<string, KeyCovariance>,
  model: LoadedModel,
  home: string,
  address: MatrixAddress,
): KeyCovariance {
  const identity = identityOf(locateCovariance(home, model, address))
  const before = files.get(identity)
  if (before !== undefined) return before
  const { values, digest, receipt } = findCovariance(home, model, address)
  const covariance = { address, values, digest, width: receipt.width, samples: receipt.tokens }
  files.set(identity, covariance)
  return covariance
}

/** Differs when the file was written again. */
function identityOf(path: string | null): string {
  const stat = path === null ? undefined : statSync(path, { throwIfNoEntry: false })
  return `${path} ${stat?.ino} ${stat?.mtimeMs} ${stat?.size}`
}
