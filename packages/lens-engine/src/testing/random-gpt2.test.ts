import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openWeights } from '../weights/open-weights.js'
import { makeTinyGpt2, writeRandomGpt2 } from './random-gpt2.js'

const made: string[] = []
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true, force: true })))

const make = (...options: Parameters<typeof makeTinyGpt2>): string => {
  const directory = makeTinyGpt2(...options)
  made.push(directory)
  return directory
}

test('the weights reader accepts a generated model of every dtype', () => {
  for (const dtype of ['F32', 'F16', 'BF16'] as const) {
    const weights = openWeights(make({ layers: 1, width: 6, heads: 3, vocabularySize: 13, dtype }))
    expect(weights.get('wte.weight')).toMatchObject({ dtype, shape: [13, 6] })
    expect(weights.get('h.0.attn.c_attn.weight').shape).toEqual([6, 18])
    expect(weights.read('ln_f.weight').every((gain) => Math.abs(gain - 1) < 1.5)).toBe(true)
  }
})

test('the same seed writes the same bytes, another seed others', () => {
  const bytes = (directory: string): Buffer => readFileSync(join(directory, 'model.safetensors'))
  const first = bytes(make({ seed: 3 }))
  expect(first.equals(bytes(make({ seed: 3 })))).toBe(true)
  expect(first.equals(bytes(make({ seed: 4 })))).toBe(false)
})

test('a directory that does not exist yet is made', () => {
  const parent = mkdtempSync(join(tmpdir(), 'imprint-tiny-gpt2-'))
  made.push(parent)
  const directory = writeRandomGpt2(join(parent, 'a', 'b'), { tied: false, innerWidth: 7 })
  const config: unknown = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'))
  expect(config).toMatchObject({ n_inner: 7, tie_word_embeddings: false })
  expect(openWeights(directory).has('lm_head.weight')).toBe(true)
})
