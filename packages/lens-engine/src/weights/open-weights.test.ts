import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import { float32ToBfloat16, float32ToFloat16 } from '../tensor/half-precision.js'
import { openWeights } from './open-weights.js'
import { recognizePickle } from './pickle-magic.js'
import { writeSafetensors } from './safetensors-writer.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-weights-'))
let directory = root
let count = 0
beforeEach(() => {
  directory = join(root, String(count++))
  mkdirSync(directory)
})
afterAll(() => rmSync(root, { recursive: true }))

function errorOf(action: () => unknown): LensEngineError {
  try {
    action()
  } catch (error) {
    if (error instanceof LensEngineError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function writeRaw(
  name: string,
  tensors: Record<string, { dtype: string; shape: number[]; data: Uint8Array }>,
) {
  let offset = 0
  const header: Record<string, unknown> = {}
  for (const [key, { dtype, shape, data }] of Object.entries(tensors))
    header[key] = { dtype, shape, data_offsets: [offset, (offset += data.byteLength)] }
  const body = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(body.length))
  writeFileSync(
    join(directory, name),
    Buffer.concat([prefix, body, ...Object.values(tensors).map(({ data }) => data)]),
  )
}

const view = (array: Uint16Array | Float32Array | Float64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

describe('openWeights', () => {
  it('reads what the writer wrote, bit for bit, and knows where it lies', () => {
    const values = new Float32Array([1.5, -0, 1e-42, NaN, 3, Infinity])
    const bytes = writeSafetensors(
      join(directory, 'model.safetensors'),
      [
        { name: 'first', shape: [2, 3], data: values },
        { name: '__proto__', shape: [1], data: () => new Float32Array([7]) },
        { name: 'empty', shape: [0], data: new Float32Array(0) },
      ],
      { seed: '1' },
    )
    const weights = openWeights(directory)
    expect(weights.names()).toEqual(['first', '__proto__', 'empty'])
    expect(view(weights.read('first'))).toEqual(view(values))
    expect(weights.read('__proto__')).toEqual(new Float32Array([7]))
    expect(weights.bytes).toBe(28)
    const last = weights.get('__proto__')
    expect(last).toMatchObject({ dtype: 'F32', shape: [1], file: 'model.safetensors', length: 4 })
    expect(last.offset + last.length).toBe(bytes)
    expect(weights.get('first').offset % 8).toBe(0)
  })

  it('converts F16 and BF16 to float32', () => {
    const values = new Float32Array([1, -2.5, 0.125])
    writeRaw('model.safetensors', {
      half: { dtype: 'F16', shape: [3], data: view(float32ToFloat16(values)) },
      brain: { dtype: 'BF16', shape: [3], data: view(float32ToBfloat16(values)) },
    })
    const weights = openWeights(directory)
    expect(weights.read('half')).toEqual(values)
    expect(weights.read('brain')).toEqual(values)
  })

  it('lists tensors of other types but does not give them as parameters', () => {
    writeRaw('model.safetensors', {
      mask: { dtype: 'F64', shape: [1], data: view(new Float64Array(1)) },
    })
    const weights = openWeights(directory)
    expect(weights.has('mask')).toBe(true)
    expect(errorOf(() => weights.get('mask'))).toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      details: { dtype: 'F64' },
    })
    expect(errorOf(() => weights.get('absent'))).toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      details: { tensor: 'absent' },
    })
  })

  it('reads shards through their index', () => {
    writeSafetensors(join(directory, 'a.safetensors'), [
      { name: 'x', shape: [1], data: new Float32Array([1]) },
    ])
    writeSafetensors(join(directory, 'b.safetensors'), [
      { name: 'y', shape: [1], data: new Float32Array([2]) },
    ])
    writeFileSync(
      join(directory, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { x: 'a.safetensors', y: 'b.safetensors' } }),
    )
    const weights = openWeights(directory)
    expect(weights.files).toEqual(['a.safetensors', 'b.safetensors'])
    expect([...weights.read('x'), ...weights.read('y')]).toEqual([1, 2])
  })

  it.each([
    '../a.safetensors',
    '/etc/passwd',
    'a/b.safetensors',
    'a\\b.safetensors',
    '.safetensors',
    'a.safetensors\0',
    '%2e%2e/a.safetensors',
    'a.bin',
    '',
  ])('refuses the shard name %j without opening it', (name) => {
    writeFileSync(
      join(directory, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { x: name } }),
    )
    expect(errorOf(() => openWeights(directory))).toMatchObject({
      code: 'WEIGHTS_INVALID',
      details: { reason: 'BAD_INDEX' },
    })
  })

  it('refuses an index that names a tensor its shard lacks, or is no index', () => {
    const index = join(directory, 'model.safetensors.index.json')
    writeSafetensors(join(directory, 'a.safetensors'), [])
    for (const text of [
      '{"weight_map":{"x":"a.safetensors"}}',
      '{',
      '[]',
      '{"weight_map":{"x":"a","x":"b"}}',
    ]) {
      writeFileSync(index, text)
      expect(errorOf(() => openWeights(directory)).details.reason).toBe('BAD_INDEX')
    }
  })

  it('refuses a pickle by its bytes, whatever its name, and never a safetensors file', () => {
    const pickles = [
      'PK\u0003\u0004data.pkl',
      '\x80\x02}q\x00(X\x01',
      '\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00',
      '\x80\x05\x95a',
      '\x89HDF\r\n',
    ]
    for (const text of pickles) {
      writeFileSync(join(directory, 'model.safetensors'), Buffer.from(text, 'latin1'))
      expect(errorOf(() => openWeights(directory)).code).toBe('UNSAFE_PICKLE')
    }
    // A header of 640 bytes starts with the same two bytes as pickle protocol 2.
    expect(recognizePickle(Buffer.from('\x80\x02\x00\x00\x00\x00\x00\x00{"', 'latin1'))).toBeNull()
  })

  it('refuses a directory that has only pickled weights, with advice', () => {
    writeFileSync(join(directory, 'pytorch_model.bin'), 'PK\u0003\u0004')
    const error = errorOf(() => openWeights(directory))
    expect(error.code).toBe('UNSAFE_PICKLE')
    expect(error.cure).toContain('safe_serialization')
  })

  it('takes safetensors where both are present, and names an empty directory', () => {
    writeFileSync(join(directory, 'pytorch_model.bin'), 'PK\u0003\u0004')
    writeSafetensors(join(directory, 'model.safetensors'), [])
    expect(openWeights(directory).names()).toEqual([])
    expect(errorOf(() => openWeights(join(root, 'nowhere'))).code).toBe('MODEL_NOT_FOUND')
  })
})

describe('writeSafetensors', () => {
  it('leaves nothing behind when a tensor has the wrong length or cannot be made', () => {
    const path = join(directory, 'model.safetensors')
    const wrong = [{ name: 'a', shape: [2], data: new Float32Array(3) }]
    const failing = [
      {
        name: 'a',
        shape: [2],
        data: () => {
          throw new Error('no data')
        },
      },
    ]
    expect(() => writeSafetensors(path, wrong)).toThrow(RangeError)
    expect(() => writeSafetensors(path, failing)).toThrow('no data')
    expect(readdirSync(directory)).toEqual([])
  })
})
