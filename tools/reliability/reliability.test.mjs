// What the reliability tool reads from its words, what it prints, and its relay.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { countFigures } from '../test/counts.mjs'
import { chosenScenarios, readOptions } from './options.mjs'
import { hasPassed, linesOf, writeResults } from './report.mjs'
import { check, spread } from './scenario.mjs'
import { openProxy } from './stage/tcp-proxy.mjs'

test('words are read, wrong ones are named', () => {
  const options = readOptions(['--only', 'kills,zombies', '--rounds=3', '--cases', '60'])
  const [kills, zombies, ...others] = chosenScenarios(options)
  assert.deepEqual(others, [])
  assert.equal(kills.size.rounds, 3)
  assert.equal(zombies.size.cases, 60)
  assert.throws(() => readOptions(['--only', 'floods']), /floods/)
  assert.throws(() => readOptions(['--rounds', 'many']), /many/)
  assert.throws(() => readOptions(['--slow']), /--slow/)
})

test('the short version leaves out what takes long', () => {
  const ids = chosenScenarios(readOptions(['--small'])).map(({ id }) => id)
  assert.deepEqual(ids, ['kills', 'zombies', 'database-restarts', 'api-kills'])
})

const result = (checks, error = null) => ({
  id: 'x',
  title: 'y',
  size: {},
  seconds: 1,
  checks,
  error,
})

test('figures are printed, counted and written', () => {
  const good = result([check('rows', 1_000, true)])
  const bad = result([check('rows', 999, false)])
  const broken = result([], 'it broke')
  assert.deepEqual([good, bad, broken].map(hasPassed), [true, false, false])
  const lines = [good, bad, broken].flatMap(linesOf)
  const counted = countFigures({ code: 1, lines })
  assert.deepEqual([counted.passed, counted.failed], [1, 2])
  assert.match(counted.failures.join(), /999/)
  assert.equal(countFigures({ code: 0, lines: [] }).failed, 1)
  assert.equal(countFigures({ code: 1, lines: linesOf(good) }).failed, 1)
  assert.equal(countFigures({ code: 0, lines: ['SKIP needs Linux'] }).skipped, 1)
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-report-'))
  const file = path.join(directory, 'results.json')
  writeResults(file, [good, bad])
  const { scenarios } = JSON.parse(readFileSync(file, 'utf8'))
  rmSync(directory, { recursive: true })
  assert.deepEqual(scenarios[0].figures, { rows: 1_000 })
  assert.deepEqual(
    scenarios.map(({ passed }) => passed),
    [true, false],
  )
})

test('times are summed up by rank', () => {
  assert.deepEqual(spread([5, 1, 3]), { n: 3, p50: 3, p95: 5, max: 5 })
})

test('the relay passes bytes on, swallows them without closing, and lets new connections in again', async () => {
  const echo = net.createServer((socket) => socket.on('error', () => {}).pipe(socket))
  await new Promise((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const proxy = await openProxy(echo.address().port)
  const connect = () => {
    const socket = net.connect(proxy.port, '127.0.0.1')
    const got = []
    let closed = false
    socket.on('data', (chunk) => got.push(String(chunk))).on('close', () => (closed = true))
    return { socket, got, isClosed: () => closed }
  }
  const first = connect()
  first.socket.write('one')
  for (let tries = 0; first.got.length === 0 && tries < 100; tries += 1) await sleep(10)
  proxy.swallow()
  first.socket.write('two')
  await sleep(100)
  proxy.restore()
  first.socket.write('three')
  const second = connect()
  second.socket.write('four')
  for (let tries = 0; second.got.length === 0 && tries < 100; tries += 1) await sleep(10)
  assert.deepEqual(first.got, ['one'])
  assert.equal(first.isClosed(), false)
  assert.deepEqual(second.got, ['four'])
  first.socket.destroy()
  second.socket.destroy()
  await proxy.close()
  await new Promise((resolve) => echo.close(resolve))
})
