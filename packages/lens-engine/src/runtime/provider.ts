// Which execution provider a model runs on, on which device, and why. Nothing here loads the runtime.
import { existsSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { driverFingerprint, recall, remember, runtimeLibraryFolder } from './device-cache.js'
import { deviceOfLibraries, findGpus } from './gpu-hardware.js'
import type { Provider } from './ort.js'
import { probeProvider, type ProbeOptions, type ProbeOutcome } from './probe-provider.js'

export type ProviderChoice = Provider | 'auto'

export const providerChoices: readonly ProviderChoice[] = ['auto', 'cpu', 'webgpu', 'cuda']

/** What `auto` tries, best first. */
export const providersInOrder: readonly Provider[] = ['cuda', 'webgpu', 'cpu']

export interface ChosenProvider {
  readonly provider: Provider
  /** The processor's or the GPU's name. */
  readonly device: string
  readonly reason: string
}

export interface DeviceReport {
  readonly provider: Provider
  /** `software`: it works and may be named, but `auto` passes it by. */
  readonly state: 'usable' | 'software' | 'refused'
  /** Null when it is refused. */
  readonly device: string | null
  /** Why it is refused or passed by; null when it is usable. */
  readonly reason: string | null
}

export interface DeviceOptions extends ProbeOptions {
  /** File that remembers what probing found (`deviceCacheFile`); every call probes when absent. */
  readonly cacheFile?: string
  /** Probe again whatever is remembered. */
  readonly fresh?: boolean
  /** The directory whose system files list the GPUs; `/` when absent. */
  readonly systemRoot?: string
}

export interface ChoiceOptions extends DeviceOptions {
  /** Providers that failed since, with the reason. */
  readonly failed?: ReadonlyMap<Provider, string>
}

/**
 * Resolves a choice. `auto` tries cuda, webgpu and cpu in this order and gives every refusal as its reason.
 * Probing runs in a child process; its answer is remembered per machine and driver.
 * @throws PROVIDER_UNAVAILABLE when a provider asked for by name does not work here
 */
export function chooseProvider(
  choice: ProviderChoice,
  options: ChoiceOptions = {},
): ChosenProvider {
  if (choice === 'auto') return chooseBest(options)
  const report = examineProvider(choice, options)
  if (report.device !== null)
    return { provider: choice, device: report.device, reason: 'asked for by name' }
  throw new LensEngineError(
    'PROVIDER_UNAVAILABLE',
    `the provider ${choice} cannot be used here: ${report.reason}`,
    {
      details: { provider: choice, reason: report.reason },
      cure: 'Use `auto` or `cpu`; `lens devices` shows what there is, docs/benchmarks.md what a GPU needs.',
    },
  )
}

function chooseBest(options: ChoiceOptions): ChosenProvider {
  const refusals: string[] = []
  for (const provider of providersInOrder) {
    const why = options.failed?.get(provider)
    const report = why === undefined ? examineForAuto(provider, options) : refuse(provider, why)
    if (report.state === 'usable' && report.device !== null)
      return {
        provider,
        device: report.device,
        reason: ['auto', [...refusals, provider].join('; ')].join(': '),
      }
    refusals.push(`${provider}: ${report.reason}`)
  }
  throw new TypeError('the CPU is always usable')
}

/** Without a GPU on the machine there is nothing to probe: at best a software renderer would answer. */
function examineForAuto(provider: Provider, options: DeviceOptions): DeviceReport {
  const noGpu = provider !== 'cpu' && findGpus(options.systemRoot)?.length === 0
  if (noGpu && !(provider === 'cuda' && cudaLibraryMissing()))
    return refuse(provider, 'no GPU on this machine')
  return examineProvider(provider, options)
}

/** Every provider with its device, or why it cannot be used; the order is that of `auto`. */
export function listDevices(options: DeviceOptions = {}): readonly DeviceReport[] {
  return providersInOrder.map((provider) => examineProvider(provider, options))
}

function examineProvider(provider: Provider, options: DeviceOptions): DeviceReport {
  if (provider === 'cpu')
    return { provider, state: 'usable', device: processorName(), reason: null }
  if (provider === 'cuda' && cudaLibraryMissing())
    return refuse(provider, 'its library is not installed beside onnxruntime-node')
  const { failure, libraries } = probeOnce(provider, options)
  if (failure !== null) return refuse(provider, failure)
  const { name, software } = deviceOfLibraries(libraries, findGpus(options.systemRoot))
  return {
    provider,
    state: software ? 'software' : 'usable',
    device: name,
    reason: software ? `only ${name}; ask for it by name` : null,
  }
}

function probeOnce(provider: Provider, options: DeviceOptions): ProbeOutcome {
  const { cacheFile, fresh } = options
  const fingerprint = driverFingerprint()
  const known =
    cacheFile === undefined || fresh === true ? null : recall(cacheFile, provider, fingerprint)
  if (known !== null) return known
  const outcome = probeProvider(provider, options)
  if (cacheFile !== undefined) remember(cacheFile, provider, { outcome, fingerprint })
  return outcome
}

/** onnxruntime-node opens CUDA from a library of its own folder, which its npm package does not carry. */
function cudaLibraryMissing(): boolean {
  const folder = runtimeLibraryFolder()
  return folder === null || !existsSync(join(folder, 'libonnxruntime_providers_cuda.so'))
}

function refuse(provider: Provider, reason: string): DeviceReport {
  return { provider, state: 'refused', device: null, reason }
}

function processorName(): string {
  const model = cpus()[0]?.model.trim().replace(/\s+/g, ' ') ?? 'processor'
  return `${model} (${availableParallelism()} cores)`
}
