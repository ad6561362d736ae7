// What this machine offers, found without blocking the caller: another process tries the drivers.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { findPackageRoot, resolveHome } from '../models/home.js'
import type { ChosenProvider, DeviceReport } from '../runtime/provider.js'

export interface FoundDevices {
  /** What `auto` takes. */
  readonly auto: ChosenProvider
  /** Every provider in the order `auto` tries them. */
  readonly devices: readonly DeviceReport[]
}

/** Two drivers may each take their time to fail. */
const TIMEOUT_MILLISECONDS = 90_000

/** As `lens devices --json`, for servers. @throws ENGINE_UNAVAILABLE when the process that asks does not answer */
export async function findDevices(home = resolveHome()): Promise<FoundDevices> {
  const root = findPackageRoot('@imprint/lens-engine') ?? '.'
  const program = join(root, 'dist', 'cli', 'main.js')
  const env = { ...process.env, NODE_OPTIONS: '', IMPRINT_HOME: home }
  const options = { env, timeout: TIMEOUT_MILLISECONDS, killSignal: 'SIGKILL' as const }
  const failure = existsSync(program) ? null : `${program} is absent: build first`
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      const cure = 'Run `lens devices` to see the failure; `cpu` always works when named.'
      reject(
        new LensEngineError('ENGINE_UNAVAILABLE', `the devices were not found: ${why}`, { cure }),
      )
    }
    if (failure !== null) return fail(failure)
    execFile(process.execPath, [program, 'devices', '--json'], options, (error, stdout) => {
      if (error !== null) return fail(error.message.slice(0, 500))
      try {
        resolve(JSON.parse(stdout) as FoundDevices)
      } catch {
        fail(`its answer is no JSON: ${stdout.slice(0, 100)}`)
      }
    })
  })
}
