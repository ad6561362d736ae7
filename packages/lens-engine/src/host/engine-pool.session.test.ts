import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import type { LensRequest } from '../lens/lens-result.js'
import { writeRandomGpt2 } from '../testing/index.js'
import { findVulkanDriver } from '../testing/vulkan-driver.js'
import { EnginePool } from './engine-pool.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-pool-'))
const home = join(root, 'home')
const model = writeRandomGpt2(join(root, 'tiny'), {})
const { driver, note } = findVulkanDriver()
/** Little to compute: a software renderer compiles every shader it meets. */
const quick = { hiddenStates: false, imprint: false, gradientRank: false, gradientCheck: false }
const requests: readonly LensRequest[] = [
  { prompt: { ids: [3, 1, 4] }, target: { ids: [9] }, matrices: ['mlp.down'], ...quick },
]
const cpuOnly = { provider: 'cpu', device: 'a processor', reason: 'auto: for this test' } as const
const pools: EnginePool[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const pool of pools.splice(0)) await pool.dispose()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function open(findDevices?: () => Promise<{ auto: typeof cpuOnly; devices: [] }>): EnginePool {
  const pool = new EnginePool({ home, ...(findDevices === undefined ? {} : { findDevices }) })
  pools.push(pool)
  return pool
}

it('finds out once what auto takes, and shares its child with those who name it', async () => {
  const findDevices = vi.fn(() => Promise.resolve({ auto: cpuOnly, devices: [] as [] }))
  const pool = open(findDevices)
  await pool.start()
  const [first] = await pool.run({ model, requests, threads: 1 })
  await pool.run({ model, requests, threads: 1, provider: 'cpu' })
  expect(await pool.describeModel(model)).toMatchObject({ layers: 2 })
  expect(first?.receipt).toMatchObject({ provider: 'cpu' })
  expect(first?.receipt.device).toMatch(/cores\)$/)
  expect(findDevices).toHaveBeenCalledTimes(1)
  expect(pool.status()).toMatchObject([{ provider: 'cpu', runs: 3, state: 'idle' }])
})

it('computes what is left to auto where the devices cannot be found out, and does not ask each time', async () => {
  const findDevices = vi.fn(() => Promise.reject(new Error('no answer')))
  const pool = open(findDevices)
  await pool.start()
  expect(await pool.run({ model, requests, threads: 1 })).toHaveLength(1)
  expect(await pool.run({ model, requests, threads: 1, provider: 'auto' })).toHaveLength(1)
  expect(findDevices).toHaveBeenCalledTimes(1)
  expect(pool.status()).toMatchObject([{ provider: 'cpu', runs: 2 }])
  await expect(pool.devices()).rejects.toThrow('no answer')
})

it('asks another process about the devices of this machine', async () => {
  const { auto, devices } = await open().devices()
  expect(devices.map(({ provider }) => provider)).toEqual(['cuda', 'webgpu', 'cpu'])
  expect(['cuda', 'webgpu', 'cpu']).toContain(auto.provider)
})

it('keeps a child for each device; the end of one leaves the other alone', async (context) => {
  if (driver === null) return context.skip(note)
  vi.stubEnv('VK_DRIVER_FILES', driver)
  const pool = open()
  const [[gpu], [cpu]] = await Promise.all([
    pool.run({ model, requests, threads: 1, provider: 'webgpu' }),
    pool.run({ model, requests, threads: 1, provider: 'cpu' }),
  ])
  expect(gpu?.receipt.provider).toBe('webgpu')
  expect(cpu?.receipt.provider).toBe('cpu')
  expect(gpu?.loss).toBeCloseTo(cpu?.loss ?? NaN, 4)
  const before = pool.status()
  expect(new Set(before.map(({ processId }) => processId)).size).toBe(2)
  const child = before.find(({ provider }) => provider === 'webgpu')?.processId as number
  process.kill(child, 'SIGKILL')
  await pool.run({ model, requests, threads: 1, provider: 'cpu' })
  await vi.waitFor(() =>
    expect(pool.status().find(({ provider }) => provider === 'webgpu')?.crashes).toBe(1),
  )
  expect(pool.status().find(({ provider }) => provider === 'cpu')).toMatchObject({
    crashes: 0,
    processId: before.find(({ provider }) => provider === 'cpu')?.processId,
  })
})

it('refuses runs after its end', async () => {
  const pool = open()
  await pool.dispose()
  await expect(pool.run({ model, requests, provider: 'cpu' })).rejects.toMatchObject({
    code: 'RUN_CANCELLED',
  })
})
