import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  readFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LensEngineError } from '../errors.js'
import { writeRandomGpt2 } from '../testing/index.js'
import { digestFile } from './file-digest.js'
import { resolveHome } from './home.js'
import { inspectModel } from './inspect-model.js'
import { addModel, listModels, openModel } from './model-store.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-store-'))
let home = root
let source = root
let count = 0
beforeEach(() => {
  const place = join(root, String(count++))
  home = join(place, 'home')
  source = writeRandomGpt2(join(place, 'tiny'), { layers: 1 })
})

afterEach(() => vi.unstubAllEnvs())

// A disk of 256 kB, where this user may mount one; without it the test that needs it is reported as skipped.
const smallDisk = join(root, 'small-disk')
mkdirSync(smallDisk)
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', smallDisk]).status === 0

afterAll(() => {
  if (mounted) spawnSync('umount', [smallDisk])
  rmSync(root, { recursive: true })
})

function errorOf(action: () => unknown): LensEngineError {
  try {
    action()
  } catch (error) {
    if (error instanceof LensEngineError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const storedNames = () =>
  existsSync(join(home, 'models')) ? readdirSync(join(home, 'models')) : []

describe('openModel', () => {
  it('imports a directory and opens the same place again', () => {
    const first = openModel(source, { home })
    expect(first).toMatchObject({ name: 'tiny', source, config: { model_type: 'gpt2' } })
    expect(first.directory.startsWith(join(home, 'models', 'tiny-'))).toBe(true)
    const [original, stored] = [source, first.directory].map((place) =>
      statSync(join(place, 'model.safetensors')),
    )
    expect(stored!.size).toBe(original!.size)
    expect(openModel(source, { home })).toEqual(first)
    expect(openModel('tiny', { home })).toEqual(first)
    expect(storedNames()).toHaveLength(1)
    const sha256sum = spawnSync('sha256sum', [join(source, 'model.safetensors')], {
      encoding: 'utf8',
    }).stdout
    expect(first.weightsDigest).toBe(sha256sum.split(' ')[0])
  })

  it('accepts a relative directory and follows symbolic links, as in a hub cache', () => {
    const linked = join(source, '..', 'linked')
    mkdirSync(linked)
    for (const name of ['config.json', 'model.safetensors'])
      symlinkSync(join(source, name), join(linked, name))
    const model = openModel(relative(process.cwd(), linked), { home })
    expect(statSync(join(model.directory, 'model.safetensors')).isFile()).toBe(true)
    expect(model.weightsDigest).toBe(openModel(source, { home }).weightsDigest)
  })

  it('sees that a source changed, and that a stored file changed', () => {
    const before = openModel(source, { home })
    writeRandomGpt2(join(source, '..', 'other'), { layers: 1, seed: 9 })
    writeFileSync(
      join(source, 'model.safetensors'),
      readFileSync(join(source, '..', 'other', 'model.safetensors')),
    )
    const after = openModel(source, { home })
    expect(after.weightsDigest).not.toBe(before.weightsDigest)
    const weights = join(after.directory, 'model.safetensors')
    const bytes = readFileSync(weights)
    bytes[bytes.length - 1]! ^= 1
    rmSync(weights)
    writeFileSync(weights, bytes)
    expect(errorOf(() => openModel('tiny', { home })).details.reason).toBe('CHANGED_SINCE_IMPORT')
    // Opening by directory repairs the store.
    expect(openModel(source, { home }).weightsDigest).toBe(after.weightsDigest)
    expect(openModel('tiny', { home }).weightsDigest).toBe(after.weightsDigest)
  })

  it('refuses an unknown name with the nearest one', () => {
    addModel(source, { home, name: 'gpt2-small' })
    const error = errorOf(() => openModel('gtp2-smal', { home }))
    expect(error.code).toBe('MODEL_NOT_FOUND')
    expect(error.cure).toContain('Did you mean "gpt2-small"?')
  })

  it.each([
    '../../etc',
    '/etc/passwd',
    '..',
    '.',
    'a/../../b',
    '%2e%2e/x',
    '..\\x',
    'x\0y',
    '',
    '~/x',
    'a'.repeat(5000),
    '．．/x',
  ])('refuses %j with a typed error and writes nothing', (name) => {
    const { code } = errorOf(() => openModel(name, { home }))
    expect(['MODEL_NOT_FOUND', 'CONFIG_INVALID']).toContain(code)
    expect(storedNames()).toEqual([])
  })

  it.each([
    ['CONFIG_INVALID', () => rmSync(join(source, 'config.json'))],
    ['CONFIG_INVALID', () => writeFileSync(join(source, 'config.json'), '{"model_type":')],
    ['CONFIG_INVALID', () => writeFileSync(join(source, 'config.json'), '[]')],
    ['CONFIG_INVALID', () => writeFileSync(join(source, 'config.json'), ' '.repeat(2 ** 20 + 1))],
    [
      'MODEL_UNSUPPORTED',
      () => writeFileSync(join(source, 'config.json'), '{"model_type":"unheard-of"}'),
    ],
    ['WEIGHTS_INVALID', () => truncateSync(join(source, 'model.safetensors'), 999)],
    ['WEIGHTS_INVALID', () => appendFileSync(join(source, 'model.safetensors'), 'x')],
    [
      'UNSAFE_PICKLE',
      () => {
        rmSync(join(source, 'model.safetensors'))
        writeFileSync(join(source, 'pytorch_model.bin'), 'PK\u0003\u0004')
      },
    ],
    ['MODEL_NOT_FOUND', () => rmSync(join(source, 'model.safetensors'))],
  ])('%s leaves nothing in the store (%#)', (code, damage) => {
    damage()
    expect(errorOf(() => openModel(source, { home })).code).toBe(code)
    expect(storedNames()).toEqual([])
  })

  it.each([
    ['300 GB', 75_000_000_000],
    ['8 TB', 2_000_000_000_000],
  ])('refuses a sparse model of %s from its header in under 200 ms and 50 MB', (_, elements) => {
    vi.stubEnv('IMPRINT_MEMORY_LIMIT', '16G')
    const header = Buffer.from(
      JSON.stringify({
        'wte.weight': { dtype: 'F32', shape: [elements], data_offsets: [0, elements * 4] },
      }),
    )
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64LE(BigInt(header.length))
    const path = join(source, 'model.safetensors')
    writeFileSync(path, Buffer.concat([prefix, header]))
    truncateSync(path, 8 + header.length + elements * 4)
    const memory = process.memoryUsage().rss
    const started = performance.now()
    const error = errorOf(() => openModel(source, { home }))
    expect(performance.now() - started).toBeLessThan(200)
    expect(process.memoryUsage().rss - memory).toBeLessThan(50 * 2 ** 20)
    expect(error.code).toBe('MODEL_TOO_LARGE')
    // One tensor of that size is needed at once, block by block too.
    expect(error.details.neededWhole).toBeGreaterThan(elements * 4)
    expect(error.details.neededStreaming).toBeGreaterThan(elements * 4)
    expect(error.details.available).toBeGreaterThan(0)
    expect(error.details.available).toBeLessThanOrEqual(16 * 2 ** 30)
    expect(error.message).toMatch(/needs about \d+\.\d+ GiB .* \d+\.\d+ GiB are available/)
    expect(inspectModel(source, { home })).toMatchObject({ fits: false, fit: 'not' })
    expect(storedNames()).toEqual([])
  })
})

describe('a config.json with any value in any place', () => {
  const oddValues = [null, true, '', 'x', [], {}, 0, -1, 1.5, 3, 1e308, 2 ** 53, '__proto__']

  it('opens or is refused with a typed error, and never takes memory for what it claims', () => {
    const path = join(source, 'config.json')
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const memory = process.memoryUsage().rss
    let refused = 0
    for (const key of Object.keys(config)) {
      for (const value of oddValues) {
        writeFileSync(path, JSON.stringify({ ...config, [key]: value }))
        try {
          inspectModel(source, { home })
          openModel(source, { home })
        } catch (error) {
          if (!(error instanceof LensEngineError))
            throw new Error(`${key}: ${JSON.stringify(value)}`, { cause: error })
          refused++
        }
      }
    }
    expect(refused).toBeGreaterThan(50)
    expect(process.memoryUsage().rss - memory).toBeLessThan(200 * 2 ** 20)
  })
})

describe('addModel and listModels', () => {
  it('lists the bundled model first and what was added after it', () => {
    addModel(source, { home, name: 'second' })
    const models = listModels({ home })
    expect(models[0]).toMatchObject({ name: 'facts-gpt2', bundled: true })
    expect(models[1]).toMatchObject({ name: 'second', source, available: true, reason: null })
  })

  it('keeps a name for one set of files, and refuses names that are none', () => {
    addModel(source, { home, name: 'mine' })
    expect(addModel(source, { home, name: 'mine' }).name).toBe('mine')
    const other = writeRandomGpt2(join(source, '..', 'other'), { layers: 1, seed: 5 })
    expect(errorOf(() => addModel(other, { home, name: 'mine' })).code).toBe('BAD_ARGUMENT')
    for (const name of ['bundled', 'a/b', '..', '', '.x', 'x'.repeat(65)])
      expect(errorOf(() => addModel(source, { home, name })).code).toBe('BAD_ARGUMENT')
  })

  it('removes what a killed import left behind', () => {
    const { pid } = spawnSync('true')
    mkdirSync(join(home, 'models', `.import-${pid}-1`), { recursive: true })
    mkdirSync(join(home, 'models', `.import-${process.pid}-1`))
    addModel(source, { home })
    expect(storedNames().filter((name) => name.startsWith('.'))).toEqual([
      `.import-${process.pid}-1`,
    ])
  })

  it.runIf(mounted)(
    'is DISK_FULL with needed bytes when the store has no room, and leaves it empty',
    () => {
      const large = writeRandomGpt2(join(source, '..', 'large'), { layers: 2, width: 64 })
      const error = errorOf(() => addModel(large, { home: smallDisk }))
      expect(error.code).toBe('DISK_FULL')
      expect(error.details.neededBytes).toBeGreaterThan(256 * 1024)
      expect(error.details.availableBytes).toBeLessThan(256 * 1024)
      expect(readdirSync(join(smallDisk, 'models'))).toEqual([])
      expect(addModel(source, { home: smallDisk }).name).toBe('tiny')
    },
  )
})

describe('digestFile', () => {
  it('reads an unchanged file once, and a changed one again', () => {
    const path = join(source, 'config.json')
    const first = digestFile(path, home)
    expect(digestFile(path, home)).toBe(first)
    const [record] = readdirSync(join(home, 'digests'))
    expect(JSON.parse(readFileSync(join(home, 'digests', record!), 'utf8'))).toMatchObject({
      path,
      sha256: first,
    })
    appendFileSync(path, '\n')
    expect(digestFile(path, home)).not.toBe(first)
  })
})

describe('inspectModel', () => {
  it('describes a directory without importing it', () => {
    const model = inspectModel(source, { home })
    expect(model).toMatchObject({
      name: 'tiny',
      stored: false,
      dtype: 'F32',
      tokenizer: null,
      fits: true,
      fit: 'whole',
    })
    expect(model.parameters * 4).toBe(model.bytes)
    expect(storedNames()).toEqual([])
  })
})

describe('resolveHome', () => {
  it('takes IMPRINT_HOME, else the clone', () => {
    expect(resolveHome({ IMPRINT_HOME: '/somewhere' })).toBe('/somewhere')
    expect(resolveHome({})).toMatch(/\.imprint$/)
  })
})
