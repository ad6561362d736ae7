// A model that is ready to run: its configuration, parameters on disk, tokenizer, and the sessions made for it so far.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createHash } from 'node:crypto'
import type { Architecture, Config, ModelShape } from '../architectures/architecture.js'
import { LensEngineError } from '../errors.js'
import type { Graph } from '../graph/graph.js'
import { serializeModel } from '../onnx/serialize-model.js'
import { loadTokenizer } from '../tokenizers/load-tokenizer.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'
import type { WeightSource } from '../weights/weight-source.js'
import {
  describeParts,
  parameterDtype,
  readModelParts,
  type ModelDescription,
  type ModelFiles,
} from './describe-model.js'
import { castAtUse } from './cast-at-use.js'
import { memoryCapacity, memoryForRun } from './available-memory.js'
import {
  planMemory,
  predictMemory,
  typicalRun,
  weightSizes,
  type MemoryPlan,
  type RunSize,
  type StreamingChoice,
  type WeightSizes,
} from './memory-estimate.js'
import { DeviceSessions } from './device-sessions.js'
import type { Session } from './ort.js'
import type { ChosenProvider, ProviderChoice } from './provider.js'

export interface LoadOptions {
  readonly provider?: ProviderChoice
  /** File that remembers which GPUs work (`deviceCacheFile`); they are probed each time when absent. */
  readonly deviceCache?: string
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
  /** Run block by block from the mapped file; `auto` where the whole does not fit into memory; false when absent. */
  readonly streaming?: StreamingChoice
  /** Sessions kept open at once, each of which maps the weights; 4 when absent, fewer for large models. */
  readonly sessions?: number
}

export interface OpenSession {
  readonly session: Session
  readonly graphDigest: string
  /** Milliseconds spent building and opening it; 0 when it was open already. */
  readonly openedIn: number
}

/** Sessions kept open at once; each maps the same weight pages. */
const SESSION_LIMIT = 4
/** A caller may hold two sessions at a time. */
const LEAST_SESSIONS = 2
/** Share of the memory that the maps of one model's sessions may fill. */
const MAPPED_SHARE = 0.5

export class LoadedModel {
  readonly files: ModelFiles
  readonly config: Config
  readonly architecture: Architecture
  readonly shape: ModelShape
  readonly weights: WeightSource
  readonly tokenizer: Tokenizer | null
  readonly threads: number
  readonly #streaming: StreamingChoice
  readonly #sizes: WeightSizes
  readonly #sessionLimit: number
  readonly #device: DeviceSessions
  readonly #sessions = new Map<string, { session: Session; graphDigest: string }>()

  constructor(files: ModelFiles, options: LoadOptions) {
    this.files = files
    const parts = readModelParts(files)
    this.config = parts.config
    this.architecture = parts.architecture
    this.shape = parts.shape
    this.weights = parts.weights
    this.#device = new DeviceSessions(options.provider ?? 'auto', {
      ...(options.deviceCache === undefined ? {} : { cacheFile: options.deviceCache }),
    })
    this.threads = options.threads ?? os.availableParallelism()
    this.#streaming = options.streaming ?? false
    this.#sizes = weightSizes(this.weights, this.architecture.buffers)
    this.#sessionLimit = options.sessions ?? sessionLimit(this.weights.bytes)
    this.planRun(typicalRun(1))
    this.tokenizer = loadTokenizer(files.directory)
  }

  /** Where sessions open. Under `auto` it changes when a GPU cannot open one. */
  get provider(): ChosenProvider {
    return this.#device.chosen
  }

  get dtype(): string {
    return parameterDtype(this.architecture, this.weights)
  }

  /** Whether a run goes block by block, and the memory it will take. @throws MODEL_TOO_LARGE when it does not fit */
  planRun(run: RunSize): MemoryPlan {
    const needs = predictMemory(this.shape, this.#sizes, run)
    return planMemory(needs, this.#streaming, memoryForRun())
  }

  describe(): ModelDescription {
    return describeParts(this)
  }

  /** The session for `key`, built at most once while it stays among the most recently used. */
  async session(key: string, build: () => Graph): Promise<OpenSession> {
    const known = this.#sessions.get(key)
    if (known !== undefined) {
      this.#sessions.delete(key)
      this.#sessions.set(key, known)
      return { ...known, openedIn: 0 }
    }
    await this.#keep(this.#sessionLimit - 1)
    const opened = await this.#open(build())
    this.#sessions.set(key, opened)
    return opened
  }

  /** Opens a session for one use and closes it afterwards, so that only one block's memory is held. */
  async runOnce<T>(graph: Graph, use: (opened: OpenSession) => Promise<T>): Promise<T> {
    const opened = await this.#open(graph)
    try {
      return await use(opened)
    } finally {
      await opened.session.dispose()
    }
  }

  /** Closes every session; later ones open again. */
  async dispose(): Promise<void> {
    await this.#keep(0)
  }

  async #open(graph: Graph): Promise<OpenSession> {
    const started = performance.now()
    const bytes = serializeModel(castAtUse(graph))
    const graphDigest = createHash('sha256').update(bytes).digest('hex')
    const file = path.join(this.files.directory, `graph-${graphDigest.slice(0, 16)}.onnx`)
    writeOnce(file, bytes)
    const session = await this.#device.open(file, {
      ...this.#settings(),
      exactNodes: trigonometry(graph),
    })
    return { session, graphDigest, openedIn: performance.now() - started }
  }

  #settings() {
    return { threads: this.threads, foldConstants: this.dtype === 'F32' }
  }

  async #keep(count: number): Promise<void> {
    for (const [key, { session }] of [...this.#sessions]) {
      if (this.#sessions.size <= count) return
      this.#sessions.delete(key)
      await session.dispose()
    }
  }
}

/** Fewer where a model fills much of the memory: every session maps all of it. */
function sessionLimit(weightBytes: number): number {
  const fitting = Math.floor((MAPPED_SHARE * memoryCapacity()) / Math.max(1, weightBytes))
  return Math.max(LEAST_SESSIONS, Math.min(SESSION_LIMIT, fitting))
}

/**
 * Reads configuration, headers and tokenizer, and checks that the model fits into memory. Sessions open on first use.
 * @throws CONFIG_INVALID, MODEL_UNSUPPORTED, WEIGHTS_INVALID, MODEL_TOO_LARGE, TOKENIZER_INVALID, PROVIDER_UNAVAILABLE
 */
export function loadModel(files: ModelFiles, options: LoadOptions = {}): LoadedModel {
  return new LoadedModel(files, options)
}

/** Shaders promise sine and cosine only to 2^-11; rotary tables are small, so the CPU computes them. */
function trigonometry(graph: Graph): readonly string[] {
  return graph.nodes.filter(({ op }) => op === 'Sin' || op === 'Cos').map(({ name }) => name)
}

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
