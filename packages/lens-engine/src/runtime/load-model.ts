// A model that is ready to run: its configuration, parameters on disk, tokenizer, and the sessions made for it so far.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createHash } from 'node:crypto'
import type { Architecture, Config, ModelShape } from '../architectures/architecture.js'
import type { MatrixName } from '../architectures/hook-points.js'
import { findArchitecture } from '../architectures/registry.js'
import { LensEngineError } from '../errors.js'
import type { Graph } from '../graph/graph.js'
import { serializeModel } from '../onnx/serialize-model.js'
import { loadTokenizer } from '../tokenizers/load-tokenizer.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import { openWeights } from '../weights/open-weights.js'
import type { WeightSource } from '../weights/weight-source.js'
import { checkMemory, estimateMemory } from './memory-estimate.js'
import { createSession, type Session } from './ort.js'
import { chooseProvider, type ChosenProvider, type ProviderChoice } from './provider.js'

/** A model's directory inside the store; graphs are written beside its weights. */
export interface ModelFiles {
  readonly name: string
  readonly directory: string
  readonly weightsDigest: string
  readonly configDigest: string
  readonly config: unknown
}

export interface LoadOptions {
  readonly provider?: ProviderChoice
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
  /** Rows (batch x positions) the memory check allows for; one full context when absent, at most 256. */
  readonly rows?: number
}

export interface ModelDescription {
  readonly name: string
  readonly digest: string
  readonly family: string
  readonly layers: number
  readonly width: number
  readonly heads: number
  readonly innerWidth: number
  readonly contextLength: number
  readonly vocabularySize: number
  readonly parameters: number
  readonly bytes: number
  readonly dtype: string
  readonly matrices: readonly MatrixName[]
  readonly hasTokenizer: boolean
}

export interface OpenSession {
  readonly session: Session
  readonly graphDigest: string
  /** Milliseconds spent building and opening it; 0 when it was open already. */
  readonly openedIn: number
}

/** Sessions kept open at once; each maps the same weight pages. */
const SESSION_LIMIT = 4

export class LoadedModel {
  readonly files: ModelFiles
  readonly config: Config
  readonly architecture: Architecture
  readonly shape: ModelShape
  readonly weights: WeightSource
  readonly tokenizer: Tokenizer | null
  readonly provider: ChosenProvider
  readonly threads: number
  readonly #sessions = new Map<string, { session: Session; graphDigest: string }>()

  constructor(files: ModelFiles, options: LoadOptions) {
    this.files = files
    this.config = asConfig(files.config)
    this.architecture = findArchitecture(this.config)
    this.shape = this.architecture.readShape(this.config)
    this.weights = openWeights(files.directory)
    this.provider = chooseProvider(options.provider ?? 'auto')
    this.threads = options.threads ?? os.availableParallelism()
    const rows = options.rows ?? Math.min(256, this.shape.contextLength)
    checkMemory(estimateMemory(this.shape, this.weights.bytes, rows))
    this.tokenizer = loadTokenizer(files.directory)
  }

  get dtype(): string {
    return [...new Set(this.#parameterNames().map((name) => this.weights.get(name).dtype))].join(
      '+',
    )
  }

  describe(): ModelDescription {
    const { shape, files, weights } = this
    return {
      ...shape,
      name: files.name,
      digest: files.weightsDigest,
      parameters: this.#parameterNames().reduce(
        (sum, name) => sum + product(weights.get(name).shape),
        0,
      ),
      bytes: weights.bytes,
      dtype: this.dtype,
      matrices: this.architecture.matrices,
      hasTokenizer: this.tokenizer !== null,
    }
  }

  /** The session for `key`, built at most once while it stays among the most recently used. */
  async session(key: string, build: () => Graph): Promise<OpenSession> {
    const known = this.#sessions.get(key)
    if (known !== undefined) {
      this.#sessions.delete(key)
      this.#sessions.set(key, known)
      return { ...known, openedIn: 0 }
    }
    const started = performance.now()
    const bytes = serializeModel(build())
    const graphDigest = createHash('sha256').update(bytes).digest('hex')
    const file = path.join(this.files.directory, `graph-${graphDigest.slice(0, 16)}.onnx`)
    writeOnce(file, bytes)
    const opened = { session: await createSession(file, this.#settings()), graphDigest }
    this.#sessions.set(key, opened)
    await this.#evict()
    return { ...opened, openedIn: performance.now() - started }
  }

  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    for (const { session } of sessions) await session.dispose()
  }

  #settings() {
    const { provider } = this.provider
    return { provider, threads: this.threads, foldConstants: this.dtype === 'F32' }
  }

  async #evict(): Promise<void> {
    for (const [key, { session }] of this.#sessions) {
      if (this.#sessions.size <= SESSION_LIMIT) return
      this.#sessions.delete(key)
      await session.dispose()
    }
  }

  /** Tensors that are parameters; files may also hold masks and other buffers. */
  #parameterNames(): readonly string[] {
    const { buffers } = this.architecture
    return this.weights.names().filter((name) => !buffers.test(name))
  }
}

/**
 * Reads configuration, headers and tokenizer, and checks that the model fits into memory. Sessions open on first use.
 * @throws CONFIG_INVALID, MODEL_UNSUPPORTED, WEIGHTS_INVALID, MODEL_TOO_LARGE, TOKENIZER_INVALID, PROVIDER_UNAVAILABLE
 */
export function loadModel(files: ModelFiles, options: LoadOptions = {}): LoadedModel {
  return new LoadedModel(files, options)
}

function asConfig(config: unknown): Config {
  if (typeof config === 'object' && config !== null && !Array.isArray(config))
    return config as Config
  throw new LensEngineError('CONFIG_INVALID', 'config.json is not a JSON object', {
    cure: 'Use the config.json that came with the weights.',
  })
}

const product = (shape: readonly number[]): number => shape.reduce((total, size) => total * size, 1)

/** Content decides the name, so an existing file is the same file. */
function writeOnce(file: string, bytes: Uint8Array): void {
  if (fs.existsSync(file)) return
  const temporary = `${file}.${process.pid}.tmp`
  try {
    fs.writeFileSync(temporary, bytes)
    fs.renameSync(temporary, file)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new LensEngineError(full ? 'DISK_FULL' : 'FILE_UNREADABLE', `cannot write ${file}`, {
      details: { file, bytes: bytes.length },
      cure: full ? 'Free some disk space.' : 'Check the permissions of the model store.',
      cause: error,
    })
  }
}
