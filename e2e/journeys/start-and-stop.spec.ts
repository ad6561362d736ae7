// `npm start` itself: what is busy is named, Ctrl-C ends every process, a second start reuses everything.
import { rmSync } from 'node:fs'
import { test, expect } from '../fixtures.js'
import {
  endStart,
  freePorts,
  launchStart,
  makeHome,
  waitUntilRunning,
} from '../stack/start-stack.mjs'

const home = (): string => process.env['IMPRINT_E2E_HOME'] ?? ''
const webPort = (): string => new URL(process.env['IMPRINT_E2E_WEB_URL'] ?? '').port

test('a second start on the same home says where the first one answers', async () => {
  const second = launchStart({ home: home(), env: await freePorts(), words: ['--no-build'] })
  expect(await second.ended).toBe(1)
  expect(second.output()).toContain(`running already at http://localhost:${webPort()}`)
})

test('a busy port is named, with what to do about it', async () => {
  const directory = makeHome()
  const env = { ...(await freePorts()), IMPRINT_WEB_PORT: webPort() }
  const program = launchStart({ home: directory, env, words: ['--no-build'] })
  expect(await program.ended).toBe(1)
  expect(program.output()).toContain(`Port ${webPort()} is busy`)
  expect(program.output()).toContain('IMPRINT_WEB_PORT=')
  rmSync(directory, { recursive: true, force: true })
})

test('Ctrl-C ends everything, and a second start reuses everything', async () => {
  test.setTimeout(240_000)
  const directory = makeHome()
  const env = await freePorts()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const program = launchStart({ home: directory, env, words: ['--no-build'] })
    const running = await waitUntilRunning(program, directory)
    if (signal === 'SIGTERM') expect(program.output()).toContain('up to date')
    const { code, survivors } = await endStart(program, running, signal)
    expect(survivors).toEqual([])
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143)
  }
  rmSync(directory, { recursive: true, force: true })
})
