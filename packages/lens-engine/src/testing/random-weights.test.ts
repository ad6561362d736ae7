import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openWeights } from '../weights/open-weights.js'
import { layOutLlama, tinyLlamaShape } from './random-llama.js'
import { randomWeightsBytes, writeRandomWeights } from './random-weights.js'

const directory = mkdtempSync(join(tmpdir(), 'imprint-random-weights-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const path = join(directory, 'model.safetensors')
/** Longer than a chunk, and odd, so that the last draw is half of a word. */
const long = { name: 'long', shape: [2 ** 21 + 12345] }
const gain = { name: 'a.norm.weight', shape: [4099] }

function write(seed: number, dtype: 'F32' | 'F16' | 'BF16') {
  const layout = { tensors: [long, gain], gains: /norm\.weight$/ }
  writeRandomWeights(path, layout, { dtype, seed, scale: 0.02 })
  expect(statSync(path).size).toBe(randomWeightsBytes(layout.tensors, dtype))
  return openWeights(directory)
}

const moments = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

test.each(['F32', 'F16', 'BF16'] as const)(
  '%s values have the mean and deviation asked for, gains are centred on 1, chunks differ',
  (dtype) => {
    const weights = write(3, dtype)
    const values = weights.read('long')
    expect(Math.abs(moments(values).mean)).toBeLessThan(3e-4)
    expect(Math.abs(moments(values).deviation / 0.02 - 1)).toBeLessThan(0.02)
    expect(Math.abs(moments(weights.read('a.norm.weight')).mean - 1)).toBeLessThan(2e-3)
    expect(values.subarray(0, 1000)).not.toEqual(values.subarray(2 ** 21, 2 ** 21 + 1000))
    expect(values.subarray(0, 4099)).not.toEqual(weights.read('a.norm.weight'))
  },
)

test('equal seeds write equal bytes, other seeds others', () => {
  write(3, 'F16')
  const first = readFileSync(path)
  write(3, 'F16')
  expect(first.equals(readFileSync(path))).toBe(true)
  write(4, 'F16')
  expect(first.equals(readFileSync(path))).toBe(false)
})

test('a Llama has every tensor of its family, grouped keys and an untied head', () => {
  const { tensors, config } = layOutLlama(tinyLlamaShape)
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]))
  expect(tensors).toHaveLength(3 + 9 * 2)
  expect(shapes.get('model.layers.1.self_attn.k_proj.weight')).toEqual([8, 16])
  expect(shapes.get('model.layers.0.mlp.down_proj.weight')).toEqual([16, 40])
  expect(shapes.get('lm_head.weight')).toEqual([61, 16])
  expect(config).toMatchObject({ model_type: 'llama', num_key_value_heads: 1 })
})
