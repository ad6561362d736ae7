// The only importer of onnxruntime-node: sessions from files, typed feeds and fetches, failures with a code. Its native part
// is loaded at first use, so that a process that computes nothing may import every room.
import { createRequire } from 'node:module'
import type * as Onnx from 'onnxruntime-node'
import { LensEngineError, type LensEngineErrorCode } from '../errors.js'

export type Provider = 'cpu' | 'webgpu' | 'cuda'

export type FeedData = Float32Array | Float64Array | BigInt64Array | Int32Array

export interface Feed {
  readonly type: 'float32' | 'float64' | 'int64' | 'int32'
  readonly shape: readonly number[]
  readonly data: FeedData
}

export interface Fetch {
  readonly shape: readonly number[]
  readonly data: FeedData
}

export interface SessionSettings {
  readonly provider: Provider
  /** Threads of one operator. */
  readonly threads: number
  /** Keeps constants such as fp16 parameters from being expanded when the session is made. */
  readonly foldConstants: boolean
  /** Nodes WebGPU leaves to the CPU, by name. */
  readonly exactNodes?: readonly string[]
}

export interface Session {
  /** Blocks the whole process while it computes. @throws NOT_FINITE, ENGINE_OUT_OF_MEMORY or ENGINE_CRASHED */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Readonly<Record<string, Fetch>>>
  dispose(): Promise<void>
}

const require = createRequire(import.meta.url)

/** @throws ENGINE_UNAVAILABLE when its native part cannot be loaded */
function onnxruntime(): typeof Onnx {
  try {
    return require('onnxruntime-node') as typeof Onnx
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new LensEngineError(
      'ENGINE_UNAVAILABLE',
      `the engine cannot compute on this machine: ONNX Runtime cannot be loaded (${message})`,
      {
        details: { runtime: runtimeVersion },
        cure: 'Install it again with `npm ci`, on a system that onnxruntime-node supports.',
        cause: error,
      },
    )
  }
}

export const runtimeVersion: string = (
  require('onnxruntime-node/package.json') as { readonly version: string }
).version

/** Providers this build of the runtime contains, whether or not a device is present. */
export function compiledProviders(): readonly string[] {
  return onnxruntime()
    .listSupportedBackends()
    .map((backend) => backend.name)
}

/** Optimizers that would widen half-precision parameters when the session is made, or keep one widened copy of each. */
const wideningOptimizers = [
  'ConstantFolding',
  'FuseFp16InitializerToFp32NodeTransformer',
  'CommonSubexpressionElimination',
].join(';')

/** Runs a graph with input `x` and output `y` once, on one provider and nothing else. */
export async function tryProvider(
  model: Uint8Array,
  provider: Provider,
  x: Feed,
): Promise<FeedData> {
  const session = await onnxruntime().InferenceSession.create(model, {
    executionProviders: [provider],
    logSeverityLevel: 3,
  })
  const { y } = fetches(await session.run(tensors({ x })))
  return (y as Fetch).data
}

/** Opens a graph file; its external data must lie in the same directory. */
export async function createSession(path: string, settings: SessionSettings): Promise<Session> {
  const session = await translate(() =>
    onnxruntime().InferenceSession.create(path, {
      executionProviders: executionProviders(settings),
      intraOpNumThreads: settings.threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Patterns keep one block per prompt length besides the arena: 0.6 GB at 200 tokens, and no faster.
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: {
        session: { disable_prepacking: '1', intra_op: { allow_spinning: '1' } },
        ...(settings.foldConstants
          ? {}
          : { optimization: { disable_specified_optimizers: wideningOptimizers } }),
      },
    }),
  )
  return {
    run: (feeds) => translate(async () => fetches(await session.run(tensors(feeds)))),
    dispose: () => session.release(),
  }
}

function executionProviders({ provider, exactNodes = [] }: SessionSettings) {
  if (provider === 'cpu') return ['cpu']
  if (provider === 'webgpu' && exactNodes.length > 0)
    return [{ name: provider, forceCpuNodeNames: [...exactNodes] }, 'cpu']
  return [provider, 'cpu']
}

function tensors(feeds: Readonly<Record<string, Feed>>): Record<string, Onnx.Tensor> {
  const { Tensor } = onnxruntime()
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, shape }]) => [
      name,
      new Tensor(type, data as Float32Array, [...shape]),
    ]),
  )
}

function fetches(results: Onnx.InferenceSession.OnnxValueMapType): Record<string, Fetch> {
  return Object.fromEntries(
    Object.entries(results).map(([name, value]) => {
      const tensor = value as Onnx.Tensor
      return [name, { shape: tensor.dims, data: tensor.data as FeedData }]
    }),
  )
}

interface Failure {
  readonly code: LensEngineErrorCode
  readonly cure: string
}

/** What a message of the runtime means; the first row that matches. */
const failures: readonly (Failure & { readonly pattern: RegExp })[] = [
  {
    pattern: /bad_alloc|bad allocation|allocate memory|out of memory/i,
    code: 'ENGINE_OUT_OF_MEMORY',
    cure: 'Use a shorter prompt, fewer prompts at once, or a machine with more memory.',
  },
  {
    pattern:
      /providers_shared|Failed to load (shared )?library|no available backend|WebGPU|Vulkan|CUDA failure|device (was |is )?lost/i,
    code: 'PROVIDER_UNAVAILABLE',
    cure: 'This machine has no device or driver for this provider; use `auto` or `cpu`.',
  },
]

const unknownFailure: Failure = {
  code: 'ENGINE_CRASHED',
  cure: 'Run again; if it fails the same way, report it with this message.',
}

async function translate<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    if (error instanceof LensEngineError) throw error
    const message = error instanceof Error ? error.message : String(error)
    const { code, cure } = failures.find(({ pattern }) => pattern.test(message)) ?? unknownFailure
    throw new LensEngineError(code, `ONNX Runtime failed: ${message}`, {
      details: { runtime: runtimeVersion },
      cure,
      cause: error,
    })
  }
}
