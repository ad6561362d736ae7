// Converting a GGUF file on a disk that fills up: the command as it is built, under a limit of file size, and a small disk.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { refuseWithoutRoom } from '../weights/atomic-file.js'
import { findPackageRoot } from './home.js'
import { addModel } from './model-store.js'

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')
const gguf = fileURLToPath(new URL('../../goldens-gguf/qwen3-head-norms.gguf', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'imprint-gguf-full-'))

// A disk of 64 kB, where this user may mount one; without it the test that needs it is reported as skipped.
const smallDisk = join(root, 'small-disk')
mkdirSync(smallDisk)
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', smallDisk]).status === 0

afterAll(() => {
  if (mounted) spawnSync('umount', [smallDisk])
  rmSync(root, { recursive: true })
})

const entries = (directory: string) => (existsSync(directory) ? readdirSync(directory) : [])

/** `lens models add` on the file. @param limit what the shell does first */
function add(home: string, limit: string) {
  const script = `${limit} exec "$0" "$@"`
  return spawnSync('sh', ['-c', script, process.execPath, main, 'models', 'add', gguf, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, IMPRINT_HOME: home, NODE_OPTIONS: '' },
  })
}

describe('converting a GGUF file', () => {
  it('is DISK_FULL when the disk fills up in between, leaves nothing, and works when tried again', () => {
    if (!existsSync(main))
      throw new Error('the command is run from dist: build first with `npm run build`')
    const home = join(root, 'home')
    // 32 kB for each file stand for the full disk: the system call fails the same way. The limit is in units of 512 bytes.
    const { status, stderr } = add(home, `trap '' XFSZ; ulimit -f 64;`)
    const { error } = JSON.parse(stderr) as { error: { code: string; details: object } }
    expect(error).toMatchObject({ code: 'DISK_FULL', details: { system: 'EFBIG' } })
    expect(error.details).toMatchObject({
      neededBytes: expect.any(Number) as number,
      availableBytes: expect.any(Number) as number,
    })
    expect(status).toBe(3)
    expect(entries(join(home, 'converted'))).toEqual([])
    expect(entries(join(home, 'models'))).toEqual([])
    expect(add(home, '').status).toBe(0)
    expect(entries(join(home, 'converted'))).toHaveLength(1)
  })

  it.runIf(mounted)('is refused before a byte of it is written where the disk is too small', () => {
    const error = errorOf(() => addModel(gguf, { home: smallDisk }))
    // No system code: nothing was tried.
    expect(error).toMatchObject({ code: 'DISK_FULL', details: { system: null } })
    expect(error.details.neededBytes).toBeGreaterThan(64 * 1024)
    expect(error.details.neededBytes).toBeLessThan(2 * statSync(gguf).size)
    expect(error.details.availableBytes).toBeLessThanOrEqual(64 * 1024)
    expect(entries(join(smallDisk, 'converted'))).toEqual([])
    expect(entries(join(smallDisk, 'models'))).toEqual([])
  })
})

describe('refuseWithoutRoom', () => {
  it('lets pass what fits, and names both numbers of what does not', () => {
    expect(() => refuseWithoutRoom(root, 1)).not.toThrow()
    const { message, details } = errorOf(() => refuseWithoutRoom(root, 2 ** 60)) as Error & Failure
    expect(details.neededBytes).toBe(2 ** 60)
    expect(message).toContain(`${2 ** 60} bytes are needed, ${details.availableBytes} are free`)
  })

  it('leaves it to the writing where the place does not tell', () => {
    expect(() => refuseWithoutRoom(join(root, 'absent'), 2 ** 60)).not.toThrow()
  })
})

interface Failure {
  readonly code: string
  readonly details: { readonly neededBytes: number; readonly availableBytes: number }
}

function errorOf(action: () => unknown): Failure {
  try {
    action()
  } catch (error) {
    return error as Failure
  }
  throw new Error('nothing was thrown')
}
