import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { availableMemory, memoryForRun, memoryLimit } from './available-memory.js'

const GIB = 2 ** 30
const root = mkdtempSync(join(tmpdir(), 'imprint-memory-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const kilobytes = (bytes: number): string => `${bytes / 1024} kB`
let made = 0

/** A machine with 10 GiB available and a process of 2 GiB, half of it anonymous. */
function machine(group: Readonly<Record<string, string>> = {}) {
  const place = join(root, String(made++))
  mkdirSync(join(place, 'memory'), { recursive: true })
  const files = { machine: join(place, 'meminfo'), process: join(place, 'status'), group: place }
  writeFileSync(files.machine, `MemTotal: 1 kB\nMemAvailable:   ${kilobytes(10 * GIB)}\n`)
  const status = `VmRSS:\t${kilobytes(2 * GIB)}\nRssAnon:\t${kilobytes(GIB)}\n`
  writeFileSync(files.process, status)
  for (const [name, text] of Object.entries(group)) writeFileSync(join(place, name), text)
  return files
}

describe('availableMemory', () => {
  it('is the machine’s where nothing else limits it', () => {
    expect(availableMemory({}, machine())).toBe(10 * GIB)
    expect(memoryForRun({}, machine())).toBe(11 * GIB)
  })

  it('is what a control group leaves, its cached pages of files counted as free', () => {
    const two = machine({
      'memory.max': `${4 * GIB}\n`,
      'memory.current': `${3 * GIB}\n`,
      'memory.stat': `anon 1\ninactive_file ${GIB}\nactive_file ${GIB / 2}\n`,
    })
    expect(availableMemory({}, two)).toBe(2.5 * GIB)
    const one = machine({
      'memory/memory.limit_in_bytes': `${4 * GIB}`,
      'memory/memory.usage_in_bytes': `${3 * GIB}`,
      'memory/memory.stat': `inactive_file 7\ntotal_inactive_file ${GIB}\ntotal_active_file 0\n`,
    })
    expect(availableMemory({}, one)).toBe(2 * GIB)
  })

  it('takes a group without a limit as none', () => {
    const files = machine({ 'memory.max': 'max\n', 'memory.current': '5', 'memory.stat': '' })
    expect(availableMemory({}, files)).toBe(10 * GIB)
  })

  it('is what IMPRINT_MEMORY_LIMIT leaves beside what the process holds', () => {
    const environment = { IMPRINT_MEMORY_LIMIT: '3G' }
    expect(availableMemory(environment, machine())).toBe(GIB)
    expect(memoryForRun(environment, machine())).toBe(3 * GIB)
    expect(availableMemory({ IMPRINT_MEMORY_LIMIT: '1 GiB' }, machine())).toBe(0)
  })
})

describe('IMPRINT_MEMORY_LIMIT', () => {
  it.each([
    ['1000', 1000],
    ['512M', 512 * 2 ** 20],
    ['1.5 GiB', 1.5 * GIB],
    ['', null],
  ])('%j is %s bytes', (text, bytes) => {
    expect(memoryLimit({ IMPRINT_MEMORY_LIMIT: text })).toBe(bytes)
  })

  it.each(['lots', '-1', '0', '8T', '1e9'])('refuses %j by name', (text) => {
    expect(() => memoryLimit({ IMPRINT_MEMORY_LIMIT: text })).toThrowError(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining(text) }),
    )
  })
})
