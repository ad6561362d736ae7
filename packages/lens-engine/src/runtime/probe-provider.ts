// A provider -> whether it works here, found out in a child process with a time limit, and why not.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Provider } from './ort.js'

export interface ProbeOutcome {
  /** Why it cannot be used; null when it works. */
  readonly failure: string | null
  /** Base names of the shared libraries it loaded. */
  readonly libraries: readonly string[]
}

export interface ProbeOptions {
  /** The program that probes. */
  readonly script?: string
  readonly timeoutMilliseconds?: number
}

const answerLine = /^imprint-probe (.+)$/m

/** Starting a driver takes a second; a busy machine and a cold shader cache take longer. */
const TIMEOUT_MILLISECONDS = 30_000

/** Blocks until the child has answered, ended or run out of time. Never throws. */
export function probeProvider(provider: Provider, options: ProbeOptions = {}): ProbeOutcome {
  const script = options.script ?? builtScript()
  const timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS
  if (!existsSync(script)) return refused(`the engine is not built: ${script} is absent`)
  const child = spawnSync(process.execPath, [script, provider], {
    timeout,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    maxBuffer: 16 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if ((child.error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT')
    return refused(`its driver did not answer within ${timeout / 1000} s`)
  const answer = answerLine.exec(child.stdout)?.[1]
  if (answer === undefined) {
    const how = child.signal === null ? `exit code ${child.status}` : `signal ${child.signal}`
    return refused(`its driver ended the process that tried it (${how})`)
  }
  const { failure, libraries } = JSON.parse(answer) as ProbeOutcome
  if (failure === null) return { failure, libraries }
  return { failure: explain(`${failure}\n${child.stderr}`) ?? firstLine(failure), libraries }
}

/** What drivers and runtime write when they fail -> one plain reason; the first row that matches. */
const explanations: readonly {
  readonly pattern: RegExp
  readonly reason: (found: string) => string
}[] = [
  {
    pattern: /with error: (\S+): cannot open shared object file/,
    reason: (library) => `its library needs ${library}, which is not installed`,
  },
  {
    pattern: /(CUDA failure \d+: [^;]+)/,
    reason: (failure) => failure,
  },
  {
    pattern: /Cuda: Failed to load shared library/,
    reason: () => 'libonnxruntime_providers_cuda.so is not beside onnxruntime-node',
  },
  {
    pattern: /libvulkan\.so\.1: cannot open|Couldn't load Vulkan|(?<!\w)dlopen[^\n]*libvulkan/i,
    reason: () => 'libvulkan.so.1 is not installed',
  },
  { pattern: /Found no drivers/, reason: () => 'no Vulkan driver' },
  {
    pattern: /While initializing adapter/,
    reason: () => 'the Vulkan drivers offer no device the runtime accepts',
  },
  { pattern: /No supported adapters/, reason: () => 'no Vulkan driver offers a device' },
]

function explain(text: string): string | null {
  for (const { pattern, reason } of explanations) {
    const found = pattern.exec(text)
    if (found !== null) return reason(found[1] ?? '')
  }
  return null
}

function refused(failure: string): ProbeOutcome {
  return { failure, libraries: [] }
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300)

/** The built program, also when this file runs from the sources. */
function builtScript(): string {
  const beside = fileURLToPath(new URL('./probe-main.js', import.meta.url))
  return beside.replace(/([\\/])src([\\/]runtime[\\/]probe-main\.js)$/, '$1dist$2')
}
