import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeEditMethods } from './describe-methods.js'

const root = new URL('../../../../models/facts-gpt2/', import.meta.url)
const config = JSON.parse(readFileSync(new URL('config.json', root), 'utf8')) as object

const describeWith = (weightsDigest: string) =>
  describeEditMethods({
    name: 'facts-gpt2',
    directory: fileURLToPath(root),
    weightsDigest,
    configDigest: '',
    config,
  })

interface StoredDefaults {
  readonly match: { readonly weightsDigest: string }
  readonly source: string
  readonly values: Readonly<Record<string, unknown>>
}

const stored = (method: string, model: string): StoredDefaults => {
  const file = new URL(`../../hyperparameters/${method}/${model}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as StoredDefaults
}

it('gives the defaults of these weights, and what was published for other models with its source', () => {
  const own = stored('rome', 'facts-gpt2')
  const methods = describeWith(own.match.weightsDigest)
  const rome = methods.find(({ name }) => name === 'rome')
  expect(rome).toMatchObject({
    provenance: 'swept',
    needs: expect.arrayContaining(['key-covariance']),
  })
  const byName = new Map(rome?.hyperparameters.map((one) => [one.name, one]))
  for (const [name, value] of Object.entries(own.values)) {
    expect(byName.get(name)?.default).toEqual(value)
  }
  const published = byName.get('layer')?.published ?? []
  expect(published.map(({ model }) => model)).not.toContain('facts-gpt2')
  expect(published.find(({ model }) => model === 'gpt2-xl')).toEqual({
    model: 'gpt2-xl',
    value: 17,
    source: stored('rome', 'gpt2-xl').source,
  })
})

it('derives defaults for weights that nobody swept, within the limits it states', () => {
  for (const { provenance, hyperparameters } of describeWith('other weights')) {
    expect(provenance).toBe('derived')
    for (const { kind, default: value, min, max, explanation, choices } of hyperparameters) {
      expect(explanation).not.toBe('')
      const numbers = Array.isArray(value) ? value : [value]
      if (min !== null && max !== null && value !== null) {
        expect(numbers.every((one) => Number(one) >= min && Number(one) <= max)).toBe(true)
      }
      if (kind === 'layer')
        expect([min, max]).toEqual([0, (config as { n_layer: number }).n_layer - 1])
      if (kind === 'choice') expect(choices.map((one) => one.value)).toContain(value)
    }
  }
})
