// How the engine's process ended -> the typed error of the run it was computing.
import { LensEngineError } from '../errors.js'

/** What is known when the process is gone. */
export interface EngineExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The end of what it wrote to its error stream. */
  readonly stderr: string
  /** Whether the kernel killed a process for want of memory while this one ran. */
  readonly kernelKilled: boolean
  /** Bytes above which the supervisor ended it, or null when it did not. */
  readonly exceededBytes: number | null
}

const outOfMemoryText =
  /heap out of memory|bad_alloc|bad allocation|cannot allocate memory|out of memory/i

/** ENGINE_OUT_OF_MEMORY where there is evidence for it, else ENGINE_CRASHED; both with exit code and signal. */
export function explainExit(exit: EngineExit): LensEngineError {
  const details = { exitCode: exit.code, signal: exit.signal, stderr: exit.stderr.slice(-500) }
  const memory = memoryEvidence(exit)
  if (memory !== null)
    return new LensEngineError('ENGINE_OUT_OF_MEMORY', `the engine ran out of memory: ${memory}`, {
      details: { ...details, limitBytes: exit.exceededBytes },
      cure: 'Use a shorter prompt, fewer prompts at once, a smaller model, or a machine with more memory.',
    })
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`
  return new LensEngineError('ENGINE_CRASHED', `the engine's process ended in mid-run (${how})`, {
    details,
    cure: 'Run again: the engine has been restarted. If it ends the same way, report it with these details.',
  })
}

/** ENGINE_UNAVAILABLE: a process that ended before it was ready says nothing about what it was started for. */
export function explainFailedStart(exit: EngineExit): LensEngineError {
  const { code, message, details } = explainExit(exit)
  const { exitCode, signal } = details
  const ended = signal === null ? `exit code ${exitCode}` : `signal ${signal}`
  const how = code === 'ENGINE_OUT_OF_MEMORY' ? message : `its process ended at once (${ended})`
  return new LensEngineError(
    'ENGINE_UNAVAILABLE',
    `the engine does not start on this machine: ${how}`,
    { details, cure: startCures[code] ?? brokenInstallation },
  )
}

const brokenInstallation =
  'Run `lens devices` on this machine to see the failure; `npm ci` and `npm run build` mend a broken installation.'

const startCures: Readonly<Record<string, string>> = {
  ENGINE_OUT_OF_MEMORY: 'Close other programs, or give this machine more memory.',
}

function memoryEvidence({
  signal,
  stderr,
  kernelKilled,
  exceededBytes,
}: EngineExit): string | null {
  if (exceededBytes !== null) return `it passed its limit of ${exceededBytes} bytes`
  if (signal === 'SIGKILL' && kernelKilled) return 'the kernel ended it'
  return outOfMemoryText.exec(stderr)?.[0] ?? null
}
