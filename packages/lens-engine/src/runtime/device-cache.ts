// Remembers what probing found, so that a model opens at once; forgotten when the machine or a driver changes.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, hostname, release } from 'node:os'
import { dirname, join } from 'node:path'
import type { Provider } from './ort.js'
import type { ProbeOutcome } from './probe-provider.js'

interface Entry extends ProbeOutcome {
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly at: number
}

type Entries = Readonly<Partial<Record<Provider, Entry>>>

const LIFETIME_MILLISECONDS = 24 * 3600 * 1000

/** Places of Vulkan driver manifests and of device nodes: what is added or updated there changes the answer. */
const watchedDirectories = [
  '/usr/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  join(homedir(), '.local/share/vulkan/icd.d'),
  '/dev/dri',
]

const watchedFiles = ['/proc/driver/nvidia/version', '/dev/nvidia0', '/dev/nvidiactl', '/dev/dxg']

const watchedVariable = /^(VK_|CUDA_|NVIDIA_|DAWN_|LD_LIBRARY_PATH$|DISPLAY$|XDG_RUNTIME_DIR$)/

/** Where Imprint's home keeps it. */
export function deviceCacheFile(home: string): string {
  return join(home, 'devices.json')
}

/** The folder of onnxruntime-node's libraries for this machine; null when it has none. */
export function runtimeLibraryFolder(): string | null {
  try {
    const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
    return join(root, 'bin', 'napi-v6', process.platform, process.arch)
  } catch {
    return null
  }
}

/** What stands for the machine, its drivers and this installation. */
export function driverFingerprint(environment: NodeJS.ProcessEnv = process.env): string {
  const variables = Object.entries(environment)
    .filter(([name]) => watchedVariable.test(name))
    .sort(([a], [b]) => a.localeCompare(b))
  const folders = [...watchedDirectories, runtimeLibraryFolder() ?? '']
  const named = variables
    .filter(([name]) => name.startsWith('VK_'))
    .flatMap(([, value]) => value?.split(':') ?? [])
  const facts = [
    [hostname(), process.platform, process.arch, release(), process.version],
    variables,
    folders.flatMap((folder) => list(folder).map((name) => stamp(join(folder, name)))),
    [...watchedFiles, ...named.filter((path) => path.startsWith('/'))].map(stamp),
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

/** What an earlier probe found, or null. */
export function recall(file: string, provider: Provider, fingerprint: string): ProbeOutcome | null {
  const entry = readEntries(file)[provider]
  const valid =
    entry?.fingerprint === fingerprint &&
    Date.now() - entry.at < LIFETIME_MILLISECONDS &&
    Array.isArray(entry.libraries)
  return valid ? { failure: entry.failure, libraries: entry.libraries } : null
}

/** Keeps an outcome. A cache that cannot be written only makes the next start slower. */
export function remember(
  file: string,
  provider: Provider,
  found: { readonly outcome: ProbeOutcome; readonly fingerprint: string },
): void {
  const entry: Entry = { ...found.outcome, fingerprint: found.fingerprint, at: Date.now() }
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(temporary, `${JSON.stringify({ ...readEntries(file), [provider]: entry })}\n`)
    renameSync(temporary, file)
  } catch {
    // Said above.
  }
}

function readEntries(file: string): Entries {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

function stamp(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path)
    return `${path} ${mtimeMs} ${size}`
  } catch {
    return `${path} -`
  }
}
