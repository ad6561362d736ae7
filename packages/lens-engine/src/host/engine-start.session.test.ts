// An engine that cannot start or cannot compute on its machine is told from one that a run took down.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { writeRandomGpt2 } from '../testing/index.js'
import { EngineSupervisor } from './engine-supervisor.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-start-'))
const model = writeRandomGpt2(join(root, 'tiny'), {})
const supervisors: EngineSupervisor[] = []
const task = {
  model,
  requests: [{ prompt: { ids: [3, 1, 4] }, target: { ids: [9] } }],
  provider: 'cpu' as const,
  threads: 1,
}

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const supervisor of supervisors.splice(0)) await supervisor.dispose()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function supervise(backOff = 1): EngineSupervisor {
  const supervisor = new EngineSupervisor({ home: join(root, 'home'), backOff })
  supervisors.push(supervisor)
  return supervisor
}

/** A folder in which a library of this name is none, where the loader looks first. */
function breakLibrary(name: string): void {
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), 'not a library')
  vi.stubEnv('LD_LIBRARY_PATH', folder)
}

describe.runIf(process.platform === 'linux')('an engine that cannot start', () => {
  it('is ENGINE_UNAVAILABLE with the exit code when its process ends at once, and starts again later', async () => {
    breakLibrary('libc.so.6')
    const supervisor = supervise()
    await expect(supervisor.run(task)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('its process ended at once (exit code 127)'),
      details: { exitCode: 127, stderr: expect.stringContaining('libc.so.6') },
      cure: expect.stringContaining('npm ci'),
    })
    expect(supervisor.status()).toMatchObject({ state: 'stopped', processId: null, crashes: 3 })
    vi.unstubAllEnvs()
    expect(await supervisor.run(task)).toHaveLength(1)
  })

  it('is ENGINE_UNAVAILABLE when the native library of ONNX Runtime cannot be loaded', async () => {
    breakLibrary('libonnxruntime.so.1')
    await expect(supervise().run(task)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('libonnxruntime.so.1'),
      cure: expect.stringContaining('npm ci'),
    })
  })

  it('keeps nobody waiting who cancels', async () => {
    breakLibrary('libc.so.6')
    const supervisor = supervise(60_000)
    const cancelling = new AbortController()
    const run = supervisor.run(task, { signal: cancelling.signal })
    setTimeout(() => cancelling.abort(), 500)
    await expect(run).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})
