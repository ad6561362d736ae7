import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { missingPackages } from './install.mjs'
import { isNewEnough } from './node-version.mjs'
import { createProcessGroup } from './processes.mjs'

const temporary = () => mkdtempSync(path.join(os.tmpdir(), 'setup-'))

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function waitUntilGone(pid) {
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await sleep(50)
  return !isAlive(pid)
}

test('Node 20.19 is the oldest that will do', () => {
  assert.equal(isNewEnough('v20.18.3'), false)
  assert.equal(isNewEnough('v20.19.0'), true)
  assert.equal(isNewEnough('v22.0.0'), true)
  assert.equal(isNewEnough('v18.20.0'), false)
})

test('only packages that are absent or of another version are missing', () => {
  const root = temporary()
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  }
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }))
  assert.deepEqual(missingPackages(root), ['node_modules/a', 'node_modules/b'])
  mkdirSync(path.join(root, 'node_modules'))
  const installed = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.9.0' },
  }
  const hidden = path.join(root, 'node_modules', '.package-lock.json')
  writeFileSync(hidden, JSON.stringify({ packages: installed }))
  assert.deepEqual(missingPackages(root), ['node_modules/b'])
})

const startsGrandchild = `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  console.log(child.pid)
  setInterval(() => {}, 1000)`

test(
  'stopping a program ends what it started too',
  { skip: process.platform === 'win32' },
  async () => {
    const group = createProcessGroup({ ownSignals: false })
    const lines = []
    const onLine = (line) => lines.push(line)
    const program = group.start('parent', process.execPath, ['-e', startsGrandchild], { onLine })
    while (lines.length === 0) await sleep(20)
    await group.stopAll()
    assert.equal(await waitUntilGone(program.pid), true)
    assert.equal(await waitUntilGone(Number(lines[0])), true)
  },
)

test('Ctrl-C ends the started programs', { skip: process.platform === 'win32' }, async () => {
  const module = new URL('./processes.mjs', import.meta.url).href
  const code = `
    const { createProcessGroup } = await import(${JSON.stringify(module)})
    const group = createProcessGroup()
    const { pid } = group.start('x', process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    console.log(pid)
    setInterval(() => {}, 1000)`
  const starter = spawn(process.execPath, ['--input-type=module', '-e', code])
  const [chunk] = await once(starter.stdout, 'data')
  starter.kill('SIGINT')
  const [status] = await once(starter, 'exit')
  assert.equal(status, 130)
  assert.equal(await waitUntilGone(Number(String(chunk).trim())), true)
})
