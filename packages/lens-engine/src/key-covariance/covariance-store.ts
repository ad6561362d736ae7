// Key covariances under Imprint's home: computed once for a model, corpus and layer, found again by edit methods.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { MatrixAddress, MatrixName } from '../architectures/hook-points.js'
import { digestCorpus, type TextCorpus } from '../datasets/text-corpus.js'
import { engineVersion } from '../engine-version.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { runtimeVersion } from '../runtime/ort.js'
import { collectMoments, emptyMoments, type KeyMoments } from './collect-moments.js'
import {
  readCovariance,
  readCovarianceReceipt,
  writeCovariance,
  type CovarianceReceipt,
  type StoredCovariance,
} from './covariance-file.js'
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from './moment-checkpoint.js'

export interface ComputeCovarianceOptions {
  readonly home: string
  readonly corpus: TextCorpus
  readonly layers: readonly number[]
  /** `mlp.down` when absent: the keys of ROME and MEMIT. */
  readonly matrix?: MatrixName
  /** Tokens to sum; the whole corpus when absent. */
  readonly tokens?: number
  /** Tokens read of a document; the context when absent, at most 256. */
  readonly documentTokens?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CovarianceProgress) => void
}

export interface CovarianceProgress {
  readonly documents: number
  readonly tokens: number
  /** null when the whole corpus is read, whose length is not known. */
  readonly totalTokens: number | null
  readonly secondsLeft: number | null
}

export interface ComputedCovariance {
  readonly path: string
  readonly receipt: CovarianceReceipt
  /** Whether it was there already. */
  readonly reused: boolean
  readonly warnings: readonly string[]
}

/** Fewer tokens than this give a covariance that is close to singular (Decisions: key covariance). */
export const WANTED_TOKENS = 100_000
/** Documents between two checkpoints. */
const CHECKPOINT_SECONDS = 20

type Settings = Pick<
  CovarianceReceipt,
  | 'weightsDigest'
  | 'tokenizerDigest'
  | 'corpusDigest'
  | 'corpusFormat'
  | 'documentTokens'
  | 'matrix'
> & { readonly tokenLimit: number | null }

const directoryOf = (home: string, weightsDigest: string): string =>
  join(home, 'key-covariances', weightsDigest.slice(0, 16))

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex')

/**
 * Computes the covariances that are not there yet, all layers in one reading of the corpus. Interrupted, it goes on from
 * the last checkpoint and ends with the same bits.
 * @throws BAD_ARGUMENT, CORPUS_INVALID, TOKENIZER_MISSING, RUN_CANCELLED, NOT_FINITE, DISK_FULL
 */
export async function computeCovariances(
  model: LoadedModel,
  options: ComputeCovarianceOptions,
): Promise<readonly ComputedCovariance[]> {
  const settings = await settingsOf(model, options)
  const directory = directoryOf(options.home, settings.weightsDigest)
  mkdirSync(directory, { recursive: true })
  const key = digestOf(settings)
  const pathOf = (layer: number): string =>
    join(directory, `${settings.matrix}.${layer}.${key.slice(0, 12)}.safetensors`)
  const { matrix } = settings
  emptyMoments(model, { matrix, layers: options.layers })
  const missing = options.layers.filter((layer) => !existsSync(pathOf(layer)))
  if (missing.length > 0) await collect(model, { ...options, matrix }, settings, missing, pathOf)
  return options.layers.map((layer) => {
    const path = pathOf(layer)
    const receipt = readCovarianceReceipt(path)
    return { path, receipt, reused: !missing.includes(layer), warnings: warningsOf(receipt) }
  })
}

async function settingsOf(
  model: LoadedModel,
  { corpus, matrix = 'mlp.down', tokens, documentTokens }: ComputeCovarianceOptions,
): Promise<Settings> {
  return {
    weightsDigest: model.files.weightsDigest,
    tokenizerDigest: model.tokenizer?.digest ?? null,
    corpusDigest: await digestCorpus(corpus),
    corpusFormat: corpus.format,
    documentTokens: Math.min(documentTokens ?? 256, model.shape.contextLength),
    matrix,
    tokenLimit: tokens ?? null,
  }
}

async function collect(
  model: LoadedModel,
  options: ComputeCovarianceOptions & { readonly matrix: MatrixName },
  settings: Settings,
  layers: readonly number[],
  pathOf: (layer: number) => string,
): Promise<void> {
  const { corpus, matrix, tokens, signal } = options
  const key = digestOf({ settings, layers })
  const checkpoint = join(directoryOf(options.home, settings.weightsDigest), `${key}.partial`)
  const moments = emptyMoments(model, { matrix, layers })
  readCheckpoint(checkpoint, key, moments)
  const report = progressReporter(options, moments.tokens)
  let saved = performance.now()
  const keep = (): void => writeCheckpoint(checkpoint, key, moments)
  await collectMoments(model, corpus, moments, {
    matrix,
    layers,
    documentTokens: settings.documentTokens,
    ...(tokens === undefined ? {} : { tokens }),
    ...(signal === undefined ? {} : { signal }),
    onGroup: () => {
      report(moments)
      if (performance.now() - saved < CHECKPOINT_SECONDS * 1000) return
      keep()
      saved = performance.now()
    },
  }).catch((error: unknown) => {
    if (moments.tokens > 0) keep()
    throw error
  })
  refuseEmpty(moments, corpus)
  for (const layer of layers) {
    const receipt = receiptOf(model, corpus, settings, moments, layer)
    writeCovariance(pathOf(layer), moments.sums.get(layer) as Float64Array, receipt)
  }
  removeCheckpoint(checkpoint)
}

function progressReporter(options: ComputeCovarianceOptions, before: number) {
  const started = performance.now()
  return ({ documents, tokens }: KeyMoments): void => {
    const totalTokens = options.tokens ?? null
    const rate = (tokens - before) / (performance.now() - started)
    const left = totalTokens === null || rate <= 0 ? null : (totalTokens - tokens) / rate / 1000
    const secondsLeft = left === null ? null : Math.max(0, left)
    options.onProgress?.({ documents, tokens, totalTokens, secondsLeft })
  }
}

function receiptOf(
  model: LoadedModel,
  corpus: TextCorpus,
  settings: Settings,
  { documents, tokens, sums }: KeyMoments,
  layer: number,
): CovarianceReceipt {
  const { weightsDigest, tokenizerDigest, corpusDigest, corpusFormat, documentTokens, matrix } =
    settings
  return {
    layer,
    matrix,
    width: Math.sqrt((sums.get(layer) as Float64Array).length),
    weightsDigest,
    tokenizerDigest,
    corpus: basename(corpus.path),
    corpusDigest,
    corpusFormat,
    documents,
    tokens,
    documentTokens,
    engineVersion,
    runtimeVersion,
    provider: model.provider.provider,
  }
}

function warningsOf({ tokens, width }: CovarianceReceipt): readonly string[] {
  if (tokens >= WANTED_TOKENS) return []
  const singular = tokens < width ? `; with fewer than ${width} it is singular` : ''
  return [
    `computed from ${tokens} tokens: below ${WANTED_TOKENS} a covariance is close to singular${singular}`,
  ]
}

/** Where the covariance of a matrix's keys is, that from the most tokens if there are several; null when there is none. */
export function locateCovariance(
  home: string,
  { files }: Pick<LoadedModel, 'files'>,
  address: MatrixAddress,
): string | null {
  const directory = directoryOf(home, files.weightsDigest)
  const prefix = `${address.matrix}.${address.layer}.`
  const names = existsSync(directory) ? readdirSync(directory) : []
  const [best] = names
    .filter((name) => name.startsWith(prefix) && name.endsWith('.safetensors'))
    .sort()
    .map((name) => join(directory, name))
    .map((path) => ({ path, receipt: readCovarianceReceipt(path) }))
    .filter(({ receipt }) => receipt.weightsDigest === files.weightsDigest)
    .sort((a, b) => b.receipt.tokens - a.receipt.tokens)
  return best?.path ?? null
}

/**
 * The covariance of a matrix's keys, as `locateCovariance` finds it.
 * @throws KEY_COVARIANCE_MISSING with the command that computes it; KEY_COVARIANCE_INVALID
 */
export function findCovariance(
  home: string,
  model: Pick<LoadedModel, 'files'>,
  address: MatrixAddress,
): StoredCovariance {
  const path = locateCovariance(home, model, address)
  if (path !== null) return readCovariance(path)
  const { layer, matrix } = address
  throw new LensEngineError(
    'KEY_COVARIANCE_MISSING',
    `there is no covariance of the keys of ${matrix} in layer ${layer} of ${model.files.name}`,
    {
      details: { model: model.files.name, layer, matrix },
      cure: `Compute it: lens stats --model ${model.files.name} --layers ${layer}, with --corpus <text file> where the model is not the bundled one.`,
    },
  )
}

function refuseEmpty({ tokens }: KeyMoments, corpus: TextCorpus): void {
  if (tokens > 0) return
  throw new LensEngineError('CORPUS_INVALID', `the corpus ${corpus.path} has no documents`, {
    details: { file: corpus.path, format: corpus.format },
    cure: 'Name a text file that is not empty, or another --format.',
  })
}
