// Every file of defaults fits its method and a model of the shape it names.
import { describe, expect, it } from 'vitest'
import { llama } from '../architectures/llama.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { defaultsFor, readDefaults } from './default-hyperparameters.js'
import { completeHyperparameters } from './hyperparameters.js'
import { editMethods, findEditMethod } from './registry.js'

const files = editMethods.flatMap((method) =>
  readDefaults(method.name).map(({ name, file }) => ({
    label: `${method.name}/${name}`,
    method,
    file,
  })),
)

const shapeOf = (layers: number, width: number, family = 'gpt2') => ({
  family,
  layers,
  width,
  heads: 1,
  headWidth: width,
  innerWidth: 4 * width,
  contextLength: 1024,
  vocabularySize: 50257,
})

const modelOf = (layers: number, width: number, family?: string): LoadedModel =>
  ({
    shape: shapeOf(layers, width, family),
    architecture: llama,
    files: { weightsDigest: 'none' },
  }) as unknown as LoadedModel

describe('files of defaults', () => {
  it('exist for the published models', () => {
    expect(files.map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        'forward-shift/gpt2-xl.json',
        'ft-l/gpt-j.json',
        'ft/llama2-7b.json',
      ]),
    )
  })

  it.each(files.map((one) => [one.label, one] as const))(
    '%s is valid',
    (_label, { method, file }) => {
      const { match, values, source } = file
      const shape = shapeOf(match.layers ?? 64, match.width ?? 64)
      const complete = completeHyperparameters(method.hyperparameters, values, {}, shape)
      expect(Object.keys(values).sort()).toEqual(Object.keys(complete).sort())
      expect(source).not.toBe('')
    },
  )
})

describe('the defaults of a model', () => {
  it('let the random layer copy the forward-pass shift of the same model', () => {
    const pick = (name: string) =>
      readDefaults(name).map(({ name: file, file: { match, values } }) => [
        file,
        match,
        values['layer'],
        values['learningRate'],
      ])
    expect(pick('random-layer')).toEqual(pick('forward-shift'))
  })

  it('are the published ones where there are some', () => {
    const found = defaultsFor(findEditMethod('forward-shift'), modelOf(48, 1600))
    expect(found.provenance).toBe('published')
    expect(found.values['layer']).toBe(35)
  })

  it('are derived, and say so, where there are none', () => {
    const found = defaultsFor(findEditMethod('forward-shift'), modelOf(12, 768))
    expect(found.provenance).toBe('derived')
    expect(found.values['layer']).toBe(9)
    expect(found.source).toContain('untested')
  })

  it('are not taken from another family of the same shape', () => {
    expect(defaultsFor(findEditMethod('ft-l'), modelOf(28, 4096, 'gptj')).provenance).toBe(
      'published',
    )
    expect(defaultsFor(findEditMethod('ft-l'), modelOf(28, 4096, 'llama')).provenance).toBe(
      'derived',
    )
  })
})
