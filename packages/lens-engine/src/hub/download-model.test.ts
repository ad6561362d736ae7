import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { readManifest } from '../models/model-manifest.js'
import { addModel, listModels, openModel } from '../models/model-store.js'
import { gitObjectId, sendJson, sha256 } from '../testing/hub-server.js'
import { writeRandomGpt2 } from '../testing/random-gpt2.js'
import { openWeights } from '../weights/open-weights.js'
import type { DownloadProgress } from './download-options.js'
import { commit, makeWorld, type World } from '../testing/hub-world.js'

let world: World
afterEach(() => world.close())

const gguf = readFileSync(
  fileURLToPath(new URL('../../goldens-gguf/qwen2-tied.gguf', import.meta.url)),
)
const bin = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(5000)])

describe('downloadModel', () => {
  it('gets a model, byte for byte, and records where it came from', async () => {
    world = await makeWorld()
    const seen: DownloadProgress[] = []
    const model = await world.get('hf:tiny/gpt2', { onProgress: (step) => seen.push(step) })
    for (const name of ['config.json', 'model.safetensors'])
      expect(readFileSync(join(model.directory, name)).equals(world.files[name]!)).toBe(true)
    expect(model).toMatchObject({ name: 'gpt2', source: `hf:tiny/gpt2@${commit}` })
    expect(readManifest(model.directory)!.hub).toEqual({
      endpoint: new URL(world.hub.endpoint).host,
      repository: 'tiny/gpt2',
      revision: 'main',
      commit,
      file: null,
      files: [
        ['config.json', `git-sha1:${gitObjectId(world.files['config.json']!)}`],
        ['model.safetensors', `sha256:${sha256(world.weights)}`],
      ].map(([name, checksum]) => ({ name, bytes: world.files[name!]!.length, checksum })),
    })
    expect(model.hub).toEqual(readManifest(model.directory)!.hub)
    expect(listModels({ home: world.home }).find(({ name }) => name === 'gpt2')).toMatchObject({
      available: true,
      hub: { repository: 'tiny/gpt2', commit },
    })
    expect(openModel('gpt2', { home: world.home })).toEqual(model)
    expect(world.cached('work')).toEqual([])
    expect(world.cached('partials')).toEqual([])

    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual([
      'resolving',
      'downloading',
      'verifying',
      'importing',
    ])
    const total = world.files['config.json']!.length + world.weights.length
    expect(seen.at(-1)).toMatchObject({ files: 2, receivedBytes: total, totalBytes: total })
    expect(seen.find(({ file }) => file === 'model.safetensors')!.fileIndex).toBe(1)
  })

  it('fetches nothing the second time, and asks nothing where the commit is named', async () => {
    world = await makeWorld()
    const first = await world.get('hf:tiny/gpt2')
    world.hub.requests.length = 0
    expect(await world.get('hf:tiny/gpt2')).toEqual(first)
    expect(world.hub.requests.map(({ path }) => path)).toEqual([
      '/api/models/tiny/gpt2/revision/main',
    ])
    await world.get('hf:tiny/gpt2@refs/pr/1')
    expect(world.hub.requests.at(-1)!.path).toBe('/api/models/tiny/gpt2/revision/refs%2Fpr%2F1')
    world.hub.requests.length = 0
    expect((await world.get(`hf:tiny/gpt2@${commit}`)).directory).toBe(first.directory)
    expect(world.hub.requests).toEqual([])
  })

  it('fetches a cached file again that is damaged', async () => {
    world = await makeWorld()
    await world.get('hf:tiny/gpt2')
    const host = readdirSync(join(world.home, 'hub'))[0]!
    const blob = join(
      world.home,
      'hub',
      host,
      'tiny--gpt2',
      'blobs',
      `sha256-${sha256(world.weights)}`,
    )
    writeFileSync(blob, Buffer.alloc(world.weights.length))
    const model = await world.get('hf:tiny/gpt2')
    expect(readFileSync(join(model.directory, 'model.safetensors')).equals(world.weights)).toBe(
      true,
    )
  })

  it('gets sharded weights by their index, and the tokenizer', async () => {
    const tokenizer = Buffer.from(
      JSON.stringify({
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
        model: { type: 'BPE', vocab: { a: 0 }, merges: [] },
      }),
    )
    world = await makeWorld()
    const source = writeRandomGpt2(join(world.home, '..', 'parts'), { layers: 1 })
    const shard = 'model-00001-of-00001.safetensors'
    const weight_map = Object.fromEntries(
      openWeights(source)
        .names()
        .map((name) => [name, shard]),
    )
    const files = {
      'config.json': readFileSync(join(source, 'config.json')),
      'model.safetensors.index.json': Buffer.from(JSON.stringify({ weight_map })),
      [shard]: readFileSync(join(source, 'model.safetensors')),
      'tokenizer.json': tokenizer,
      'pytorch_model.bin': bin,
    }
    await world.close()
    world = await makeWorld({ 'big/sharded': { revisions: { main: commit }, files } })
    const notes: string[] = []
    const model = await world.get('hf:big/sharded', {
      onNote: (note) => notes.push(note),
      name: 's',
    })
    expect(readdirSync(model.directory).sort()).toEqual(
      ['imprint.json', ...Object.keys(files).filter((name) => !name.endsWith('.bin'))].sort(),
    )
    expect(notes).toEqual([expect.stringContaining('pytorch_model.bin')])
    expect(world.hub.requests.some(({ path }) => path.includes('.bin'))).toBe(false)
    expect(openModel('s', { home: world.home }).weightsDigest).toBe(model.weightsDigest)
  })

  it('gets one GGUF file out of a folder and converts it', async () => {
    world = await makeWorld({
      'some/quants': { revisions: { main: commit }, files: { 'q/a.gguf': gguf, 'b.gguf': bin } },
    })
    const seen: DownloadProgress[] = []
    const model = await world.get('hf:some/quants:q/a.gguf', {
      onProgress: (step) => seen.push(step),
    })
    expect(model).toMatchObject({ name: 'a', hub: { file: 'q/a.gguf', commit } })
    expect(model.source).toBe(`hf:some/quants@${commit}:q/a.gguf`)
    expect(openModel('a', { home: world.home }).config).toMatchObject({ model_type: 'qwen2' })
    expect(seen.at(-1)!.stage).toBe('importing')
  })

  it('waits for another download of the same, and transfers the bytes once', async () => {
    world = await makeWorld()
    const models = await Promise.all(Array.from({ length: 4 }, () => world.get('hf:tiny/gpt2')))
    expect(new Set(models.map(({ directory }) => directory)).size).toBe(1)
    expect(world.hub.sentBytes).toBe(world.weights.length)
    expect(world.cached('partials')).toEqual([])
    expect(world.cached('blobs')).toHaveLength(2)
  })
})

describe('without a hub', () => {
  it('is refused offline when nothing is cached, and uses the cache when it is', async () => {
    world = await makeWorld()
    const error = await world.errorOf('hf:tiny/gpt2', { offline: true })
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE', details: { reason: 'OFFLINE' } })
    expect(error.cure).toContain('--offline')
    expect(world.hub.requests).toEqual([])
    const first = await world.get('hf:tiny/gpt2')
    world.hub.requests.length = 0
    const notes: string[] = []
    const environment = { HF_HUB_OFFLINE: '1' }
    const again = await world.get(
      'hf:tiny/gpt2',
      { onNote: (note) => notes.push(note) },
      { environment },
    )
    expect(again).toEqual(first)
    expect(world.hub.requests).toEqual([])
    expect(notes.join()).toContain(commit)
  })

  it('uses the cache when the hub cannot be reached, and says so', async () => {
    world = await makeWorld()
    const first = await world.get('hf:tiny/gpt2')
    await world.hub.close()
    const notes: string[] = []
    expect(await world.get('hf:tiny/gpt2', { onNote: (note) => notes.push(note) })).toEqual(first)
    expect(notes.join()).toContain('cannot be reached (ECONNREFUSED)')
    const error = await world.errorOf('hf:tiny/other')
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE', details: { reason: 'CONNECTION' } })
  })
})

describe('refused before anything large is fetched', () => {
  const none = () =>
    expect(world.hub.requests.some(({ path }) => path.includes('/cdn/'))).toBe(false)

  it('a disk without room', async () => {
    world = await makeWorld()
    const error = await world.errorOf('hf:tiny/gpt2', {}, { freeBytes: () => 5000 })
    expect(error.code).toBe('DISK_FULL')
    expect(error.details).toMatchObject({ availableBytes: 5000 })
    expect(error.details.neededBytes).toBe(world.weights.length)
    none()
  })

  it('an architecture that is not implemented', async () => {
    const files = {
      'config.json': Buffer.from('{"model_type":"unheard-of"}'),
      'model.safetensors': bin,
    }
    world = await makeWorld({ 'odd/one': { revisions: { main: commit }, files } })
    expect((await world.errorOf('hf:odd/one')).code).toBe('MODEL_UNSUPPORTED')
    none()
  })

  it('a name that belongs to another model', async () => {
    world = await makeWorld()
    addModel(writeRandomGpt2(join(world.home, '..', 'other'), { layers: 1 }), {
      home: world.home,
      name: 'gpt2',
    })
    const error = await world.errorOf('hf:tiny/gpt2')
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT', details: { name: 'gpt2' } })
    none()
    expect((await world.get('hf:tiny/gpt2', { name: 'mine' })).name).toBe('mine')
  })

  it('a repository of pickles, of GGUF files without a choice, of a split one, or without weights', async () => {
    const config = world.files['config.json']!
    const of = (files: Record<string, Buffer>) => ({ revisions: { main: commit }, files })
    await world.close()
    world = await makeWorld({
      'a/pickled': of({ 'config.json': config, 'pytorch_model.bin': bin }),
      'a/quants': of({ 'x.gguf': gguf, 'x-00001-of-00002.gguf': gguf }),
      'a/nothing': of({ 'README.md': config }),
      'a/bare': of({ 'model.safetensors': bin }),
    })
    expect((await world.errorOf('hf:a/pickled')).code).toBe('UNSAFE_PICKLE')
    const which = await world.errorOf('hf:a/quants')
    expect(which.code).toBe('BAD_ARGUMENT')
    expect(which.cure).toContain('hf:a/quants:x.gguf')
    expect((await world.errorOf('hf:a/quants:x-00001-of-00002.gguf')).code).toBe(
      'MODEL_UNSUPPORTED',
    )
    expect(await world.errorOf('hf:a/quants:y.gguf')).toMatchObject({
      code: 'HUB_NOT_FOUND',
      details: { what: 'file', suggestion: 'x.gguf' },
    })
    expect((await world.errorOf('hf:a/nothing')).code).toBe('HUB_NOT_FOUND')
    expect(await world.errorOf('hf:a/bare')).toMatchObject({ details: { name: 'config.json' } })
    none()
    expect(world.hub.requests.some(({ path }) => path.includes('/resolve/'))).toBe(false)
  })

  it('an index that names files outside the repository, or is larger than any index', async () => {
    const evil = Buffer.from(
      JSON.stringify({ weight_map: { 'wte.weight': '../../x.safetensors' } }),
    )
    world = await makeWorld()
    const files = {
      'config.json': world.files['config.json']!,
      'model.safetensors.index.json': evil,
    }
    await world.close()
    world = await makeWorld({ 'evil/index': { revisions: { main: commit }, files } })
    expect(await world.errorOf('hf:evil/index')).toMatchObject({
      code: 'WEIGHTS_INVALID',
      details: { reason: 'BAD_INDEX' },
    })
    world.hub.misbehave = ({ url }, response) =>
      url!.includes('/tree/') &&
      sendJson(response, 200, [
        { type: 'file', path: 'config.json', size: 100, oid: '0'.repeat(40) },
        { type: 'file', path: 'model.safetensors.index.json', size: 1e9, oid: '0'.repeat(40) },
      ])
    const huge = await world.errorOf('hf:tiny/gpt2')
    expect(huge).toMatchObject({ code: 'HUB_ANSWER_INVALID', details: { bytes: 1e9 } })
    expect(world.stored()).toEqual([])
  })

  it('a cache that a symbolic link leads out of the home directory', async () => {
    world = await makeWorld()
    mkdirSync(world.home)
    mkdirSync(join(world.home, '..', 'elsewhere'))
    symlinkSync(join(world.home, '..', 'elsewhere'), join(world.home, 'hub'))
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('FILE_UNREADABLE')
    expect(world.hub.requests).toEqual([])
  })
})
