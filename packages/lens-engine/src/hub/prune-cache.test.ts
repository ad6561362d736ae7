import { spawnSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addModel, openModel } from '../models/model-store.js'
import { makeWorld, type World } from '../testing/hub-world.js'
import { openWeights } from '../weights/open-weights.js'
import { listPrunable, pruneCache } from './prune-cache.js'

const gguf = fileURLToPath(new URL('../../goldens-gguf/qwen2-tied.gguf', import.meta.url))

let world: World
let host = ''
beforeEach(async () => {
  world = await makeWorld()
  host = new URL(world.hub.endpoint).host.replace(':', '_')
})
afterEach(() => world.close())

const repository = () => join(world.home, 'hub', host, 'tiny--gpt2')
const age = (path: string) => utimesSync(path, new Date(0), new Date(0))

/** Bytes on the disk below a directory, each file once however many names it has. */
function bytesBelow(directory: string): number {
  const sizes = new Map<number, number>()
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const stat = statSync(join(directory, name))
    if (stat.isFile()) sizes.set(stat.ino, stat.size)
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

describe('what was fetched from a hub', () => {
  it('is listed, changes nothing, and can be deleted: the model stays and is fetched anew later', async () => {
    const model = await world.get('hf:tiny/gpt2')
    const before = bytesBelow(world.home)
    const [entry] = listPrunable(world.home)
    expect(listPrunable(world.home)).toHaveLength(1)
    expect(entry).toMatchObject({ kind: 'hub', name: `${host}/tiny/gpt2`, inUse: null })
    expect(bytesBelow(world.home)).toBe(before)

    const { removed, kept, freedBytes } = pruneCache(world.home)
    expect([removed, kept]).toEqual([[entry], []])
    expect(before - bytesBelow(world.home)).toBe(freedBytes)
    expect(readdirSync(join(world.home, 'hub', host))).toEqual([])
    expect(listPrunable(world.home)).toEqual([])
    expect(openModel('gpt2', { home: world.home })).toEqual(model)
    expect(openWeights(model.directory).read('wte.weight')).toHaveLength(300 * 64)

    world.hub.requests.length = 0
    expect((await world.get('hf:tiny/gpt2')).directory).toBe(model.directory)
    expect(world.hub.requests.length).toBeGreaterThan(2)
  })

  it('is counted as shared where a model of the store is the same file', () => {
    const blobs = join(repository(), 'blobs')
    mkdirSync(blobs, { recursive: true })
    writeFileSync(join(blobs, 'one'), Buffer.alloc(1000))
    writeFileSync(join(blobs, 'two'), Buffer.alloc(30))
    linkSync(join(blobs, 'one'), join(world.home, 'linked'))
    expect(listPrunable(world.home)[0]).toMatchObject({ bytes: 30, sharedBytes: 1000 })
    expect(pruneCache(world.home).freedBytes).toBe(30)
    expect(statSync(join(world.home, 'linked')).size).toBe(1000)
  })

  it('is left alone while a download runs, and not when its process was killed', async () => {
    await world.get('hf:tiny/gpt2')
    mkdirSync(join(repository(), 'work', `${process.pid}-x`))
    const report = pruneCache(world.home)
    expect(report.removed).toEqual([])
    expect(report.kept[0]!.inUse).toBe(`process ${process.pid} downloads it`)
    expect(world.cached('blobs')).toHaveLength(2)
    rmSync(join(repository(), 'work', `${process.pid}-x`), { recursive: true })
    mkdirSync(join(repository(), 'work', `${spawnSync('true').pid}-x`))
    expect(pruneCache(world.home).removed).toHaveLength(1)
  })

  it('does not follow links out of the home directory', () => {
    const outside = join(dirname(world.home), 'outside')
    mkdirSync(join(outside, 'owner--name', 'blobs'), { recursive: true })
    writeFileSync(join(outside, 'owner--name', 'blobs', 'precious'), 'x')
    mkdirSync(repository(), { recursive: true })
    symlinkSync(outside, join(world.home, 'hub', 'other-host'))
    symlinkSync(join(outside, 'owner--name'), join(repository(), '..', 'linked'))
    symlinkSync(outside, join(repository(), 'blobs'))
    symlinkSync(outside, join(world.home, 'converted'))
    expect(pruneCache(world.home).removed).toHaveLength(1)
    expect(readFileSync(join(outside, 'owner--name', 'blobs', 'precious'), 'utf8')).toBe('x')
  })
})

describe('a conversion', () => {
  it('can be deleted a minute after it was made; the model stays, and is converted anew later', () => {
    const { home } = world
    const model = addModel(gguf, { home })
    const [young] = listPrunable(home)
    expect(young).toMatchObject({ kind: 'conversion', inUse: 'it was made just now' })
    expect(pruneCache(home).removed).toEqual([])
    age(young!.path)
    expect(pruneCache(home).removed.map(({ path }) => path)).toEqual([young!.path])
    expect(readdirSync(join(home, 'converted'))).toEqual([])
    expect(openModel('qwen2-tied', { home })).toEqual(model)
    expect(addModel(gguf, { home })).toEqual(model)
    expect(existsSync(young!.path)).toBe(true)
  })
})

describe('leftovers', () => {
  it('go when their process is gone; models of the store never do', () => {
    const { home } = world
    const { pid } = spawnSync('true')
    const model = addModel(gguf, { home })
    const names = [`models/.import-${pid}-1`, `converted/.${pid}-a`, `hub/${host}/.${pid}-b`]
    const alive = `converted/.${process.pid}-c`
    for (const name of [...names, alive]) mkdirSync(join(home, name), { recursive: true })
    const { removed, kept } = pruneCache(home)
    expect(removed.map(({ path }) => path).sort()).toEqual(
      names.map((name) => join(home, name)).sort(),
    )
    expect(kept.map(({ path }) => path)).toContain(join(home, alive))
    expect(existsSync(model.directory)).toBe(true)
  })

  it('are none in a home that does not exist', () => {
    expect(pruneCache(join(world.home, 'absent'))).toEqual({ removed: [], kept: [], freedBytes: 0 })
  })
})
