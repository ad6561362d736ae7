import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findArchitecture } from '../architectures/registry.js'
import { openWeights } from '../weights/open-weights.js'
import { generateModel, modelShapes } from './generate-model.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-generate-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('writes a model of the family, the element type and the sizes asked for', () => {
  const out = join(root, 'deep', 'llama')
  const directory = generateModel(out, { shape: 'tiny-llama', dtype: 'bf16', seed: 5 })
  const config = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as object
  const architecture = findArchitecture({ ...config })
  expect(architecture.readShape({ ...config })).toMatchObject({ family: 'llama', layers: 2 })
  expect(openWeights(directory).get('lm_head.weight')).toMatchObject({
    dtype: 'BF16',
    shape: [61, 16],
  })
})

test('refuses a directory that exists and leaves it alone', () => {
  const options = { shape: 'tiny', dtype: 'f32', seed: 1 } as const
  expect(() => generateModel(root, options)).toThrowError(
    expect.objectContaining({ code: 'BAD_ARGUMENT' }),
  )
  expect(readdirSync(root).filter((name) => name.includes('partial'))).toEqual([])
})

test('the large shapes have the published numbers of parameters', () => {
  const parameters = (shape: keyof typeof modelShapes): number =>
    modelShapes[shape].layout.tensors.reduce(
      (sum, tensor) => sum + tensor.shape.reduce((product, size) => product * size, 1),
      0,
    )
  expect(parameters('gpt2-small')).toBe(124_439_808)
  expect(parameters('gpt2-xl')).toBe(1_557_611_200)
  expect(parameters('llama2-7b')).toBe(6_738_415_616)
})
