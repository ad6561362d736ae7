import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findPackageRoot } from '../models/home.js'
import type { ChosenProvider, DeviceReport } from '../runtime/provider.js'

const home = mkdtempSync(join(tmpdir(), 'imprint-devices-cli-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const main = join(findPackageRoot('@imprint/lens-engine') ?? '.', 'dist', 'cli', 'main.js')

function devices(...flags: string[]): string {
  const env = { ...process.env, IMPRINT_HOME: home, VK_DRIVER_FILES: join(home, 'no-driver.json') }
  const { stdout, status, stderr } = spawnSync(process.execPath, [main, 'devices', ...flags], {
    env,
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return stdout
}

test('names every provider, its device or why it is refused, and what auto takes', () => {
  const { auto, devices: found } = JSON.parse(devices('--json')) as {
    readonly auto: ChosenProvider
    readonly devices: readonly DeviceReport[]
  }
  expect(found.map(({ provider }) => provider)).toEqual(['cuda', 'webgpu', 'cpu'])
  for (const { state, device, reason } of found) {
    expect(device === null).toBe(state === 'refused')
    expect(reason === null).toBe(state === 'usable')
  }
  expect(found.at(-1)).toMatchObject({ provider: 'cpu', state: 'usable' })
  const best = found.find(({ state }) => state === 'usable')
  expect(auto).toMatchObject({ provider: best?.provider, device: best?.device })
})

test('prints a table for people', () => {
  const text = devices()
  expect(text).toContain('provider')
  expect(text).toMatch(/^auto takes \w+ on /m)
})
