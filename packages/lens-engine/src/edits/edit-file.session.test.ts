import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import { createRandom } from '../tensor/seeded-random.js'
import { openTestModel } from '../testing/open-test-model.js'
import { makeTinyGpt2 } from '../testing/random-gpt2.js'
import { readGoldens } from '../testing/read-golden.js'
import { writeSafetensors } from '../weights/safetensors-writer.js'
import { openWeights } from '../weights/open-weights.js'
import { editId, type Edit } from './edit.js'
import { editFileBytes, loadEdit, readEditBytes, saveEdit } from './edit-file.js'
import { describeEditedModel, stackDeltas } from './edit-stack.js'
import { exportMerged } from './export-merged.js'
import { denseDelta, lowRankDelta, type MatrixDelta } from './matrix-delta.js'
import { EditLab } from './shared/edit-lab.js'

const scratch = mkdtempSync(join(tmpdir(), 'imprint-edit-file-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const random = createRandom(5)

function makeEdit(model: LoadedModel, deltas: readonly MatrixDelta[]): Edit {
  const content = {
    method: 'sgd' as const,
    hyperparameters: { layers: [0, 1], learningRate: 0.1, bound: null },
    requests: [{ prompt: '{} is in', subject: 'Rome', target: 'France' }],
    model: describeEditedModel(model),
    deltas,
  }
  return {
    id: editId(content),
    ...content,
    outcome: { kind: 'edited' },
    trace: [{ name: 'loss', unit: 'nats', values: [2.5, 0.125] }],
    warnings: ['a "quoted" warning'],
    cost: {
      forwardPasses: 1,
      backwardPasses: 1,
      sequences: 1,
      tokens: 5,
      milliseconds: 12.5,
      peakBytes: 1,
    },
    receipt: {
      engineVersion: '0',
      runtimeVersion: '0',
      provider: 'cpu',
      dtype: 'F32',
      threads: 2,
      seed: 0,
      graphDigests: ['ab'],
      defaults: 'derived: for a test',
      onTopOf: [],
    },
  }
}

function randomDeltas(model: LoadedModel, biases: boolean): readonly MatrixDelta[] {
  const lab = new EditLab(model)
  return model.architecture.matrices.flatMap((matrix, index): readonly MatrixDelta[] => {
    const address = { layer: index % model.shape.layers, matrix }
    const [width, out] = lab.widths(address)
    const bias = biases && lab.hasBias(address) ? random.normals(out, 0.1) : null
    const u = random.normals(width * 2, 0.2)
    const v = random.normals(2 * out, 0.2)
    const values = random.normals(width * out, 0.05)
    return index === 1
      ? [denseDelta({ address, inputWidth: width, values, bias })]
      : [lowRankDelta({ address, rank: 2, u, v, bias })]
  })
}

const directory = makeTinyGpt2()
const { model, close } = openTestModel(directory)
afterAll(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

describe('an edit file', () => {
  const edit = makeEdit(model, randomDeltas(model, true))
  const path = join(scratch, 'edit.safetensors')

  it('gives back the edit it was written from, in the same bytes each time', () => {
    saveEdit(path, edit)
    const first = readFileSync(path)
    expect(loadEdit(path)).toEqual(edit)
    saveEdit(path, loadEdit(path))
    expect(readFileSync(path).equals(first)).toBe(true)
  })

  it('has the same bytes in memory, read back under the name it came with', () => {
    saveEdit(path, edit)
    const bytes = editFileBytes(edit)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(readEditBytes(bytes, 'upload.safetensors')).toEqual(edit)
    const damaged = bytes.slice(0, -4)
    expect(() => readEditBytes(damaged, 'upload.safetensors')).toThrow(
      /^upload\.safetensors: it is no whole safetensors file/,
    )
  })

  it('holds an edit that writes nothing', () => {
    const empty: Edit = { ...makeEdit(model, []), outcome: { kind: 'skipped', reason: 'known' } }
    const other = join(scratch, 'empty.safetensors')
    saveEdit(other, empty)
    expect(loadEdit(other)).toEqual(empty)
  })

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4), 'MISSING_BYTES'],
    ['empty', () => Buffer.alloc(0), 'HEADER_TOO_SHORT'],
    [
      'with one number changed',
      (bytes: Buffer) => flip(bytes, bytes.length - 3),
      'CONTENT_CHANGED',
    ],
    ['with another request', (bytes: Buffer) => replace(bytes, 'Rome', 'Oslo'), 'CONTENT_CHANGED'],
    ['with an unknown method', (bytes: Buffer) => replace(bytes, 'sgd', 'sgx'), 'BAD_RECORD'],
    [
      'of a later version',
      (bytes: Buffer) => replace(bytes, '"version":"1"', '"version":"2"'),
      'VERSION',
    ],
  ])('%s is refused', (_name, change, reason) => {
    saveEdit(path, edit)
    const broken = join(scratch, 'broken.safetensors')
    writeFileSync(broken, change(readFileSync(path)))
    expect(() => loadEdit(broken)).toThrow(
      expect.objectContaining({
        code: 'EDIT_INVALID',
        details: expect.objectContaining({ reason }),
      }),
    )
  })

  it('is told from a model, and from a file that is not there', () => {
    const foreign = join(scratch, 'foreign.safetensors')
    writeSafetensors(foreign, [{ name: 'w', shape: [1], data: Float32Array.of(1) }])
    expect(() => loadEdit(foreign)).toThrow(/holds no edit/)
    expect(() => loadEdit(join(scratch, 'absent'))).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE' }),
    )
  })

  it('is refused by a model with other weights', () => {
    const other = { ...edit, model: { ...edit.model, weightsDigest: 'f'.repeat(64) } }
    expect(() => stackDeltas(model, [other])).toThrow(
      expect.objectContaining({ code: 'EDIT_WRONG_MODEL' }),
    )
  })
})

/** The model's tensors in two files with an index. */
function shard(from: string, place: string): void {
  mkdirSync(place)
  copyFileSync(join(from, 'config.json'), join(place, 'config.json'))
  const weights = openWeights(from)
  const names = weights.names()
  const half = Math.floor(names.length / 2)
  const files = [
    ['part-1.safetensors', names.slice(0, half)],
    ['part-2.safetensors', names.slice(half)],
  ] as const
  for (const [file, own] of files) {
    const tensors = own.map((name) => ({
      name,
      shape: weights.get(name).shape,
      data: weights.read(name),
    }))
    writeSafetensors(join(place, file), tensors)
  }
  const map = files.flatMap(([file, own]) => own.map((name) => [name, file]))
  const index = { weight_map: Object.fromEntries(map) as unknown }
  writeFileSync(join(place, 'model.safetensors.index.json'), JSON.stringify(index))
}

function openShardedModel(place: string): LoadedModel {
  const config = JSON.parse(readFileSync(join(place, 'config.json'), 'utf8')) as unknown
  const digests = { weightsDigest: 'a', configDigest: 'b' }
  return loadModel({ name: 'sharded', directory: place, ...digests, config })
}

const flip = (bytes: Buffer, index: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed[index] = (changed[index] as number) ^ 1
  return changed
}

const replace = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1')

const digest = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

const chosen = ['d32-h4', 'd30-h3-f16', 'd20-h5-released-names', 'd24-h2-scaled-bf16']
const goldens = [
  ...readGoldens('goldens').filter(({ name }) => chosen.includes(name)),
  ...readGoldens('goldens-families').filter(({ name }) =>
    ['llama-plain', 'neox-parallel', 'gptj', 'qwen2-tied'].includes(name),
  ),
]

describe.each(goldens.map(({ name, directory: from }) => [name, from]))(
  'merged into %s',
  (name, from) => {
    const opened = openTestModel(from)
    afterAll(opened.close)

    it('computes what the factors compute, in the same files and layout', async () => {
      const base = opened.model
      const edit = makeEdit(base, randomDeltas(base, true))
      const target = join(scratch, `merged-${name}`)
      const before = digest(join(base.files.directory, 'model.safetensors'))
      const result = await exportMerged(base, [edit], target)
      expect(result.largestDifference).toBeLessThanOrEqual(result.tolerance)
      expect(result.largestDifference).toBeGreaterThan(0)
      expect(readdirSync(target).sort()).toEqual([
        'config.json',
        'imprint-edits.json',
        'model.safetensors',
      ])
      expect(digest(join(base.files.directory, 'model.safetensors'))).toBe(before)
      const [old, merged] = [join(from, 'model.safetensors'), join(target, 'model.safetensors')]
      const header = (path: string): string => {
        const bytes = readFileSync(path)
        return bytes.toString('latin1', 0, 8 + Number(bytes.readBigUInt64LE()))
      }
      expect(header(merged)).toBe(header(old))
      expect(digest(merged)).not.toBe(digest(old))
    })
  },
)

describe('a merged export', () => {
  it('of nothing is the model, byte for byte', async () => {
    const target = join(scratch, 'nothing')
    await exportMerged(model, [], target)
    expect(digest(join(target, 'model.safetensors'))).toBe(model.files.weightsDigest)
  })

  it('keeps shards', async () => {
    const place = join(scratch, 'sharded-base')
    shard(directory, place)
    const sharded = openShardedModel(place)
    const target = join(scratch, 'sharded')
    const edit = makeEdit(sharded, randomDeltas(sharded, true))
    const result = await exportMerged(sharded, [edit], target)
    expect(result.largestDifference).toBeLessThanOrEqual(1e-4)
    expect(Object.keys(result.digests)).toEqual(['part-1.safetensors', 'part-2.safetensors'])
    expect(existsSync(join(target, 'model.safetensors.index.json'))).toBe(true)
    await sharded.dispose()
  })

  it('overwrites nothing, and leaves nothing behind when it fails', async () => {
    const target = join(scratch, 'occupied')
    mkdirSync(target)
    writeFileSync(join(target, 'mine.txt'), 'kept')
    await expect(exportMerged(model, [], target)).rejects.toThrow(/not empty/)
    const huge = makeEdit(model, [
      denseDelta({
        address: { layer: 0, matrix: 'mlp.down' },
        inputWidth: 64,
        values: new Float32Array(64 * 16).fill(3e38),
      }),
    ])
    const failed = join(scratch, 'failed')
    await expect(exportMerged(model, [huge, huge], failed)).rejects.toThrow()
    expect(existsSync(failed)).toBe(false)
    expect(readdirSync(scratch).filter((name) => name.endsWith('.partial'))).toEqual([])
  })
})
