// A user's own defaults: they win over the package's, for their weights alone, until the file is gone.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { gpt2 } from '../architectures/gpt2.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { defaultsFor, ownDefaultsDirectory } from './default-hyperparameters.js'
import { writeOwnDefaults } from './own-defaults.js'
import { findEditMethod } from './registry.js'

const home = mkdtempSync(join(tmpdir(), 'imprint-own-defaults-'))
afterAll(() => rmSync(home, { recursive: true }))

const modelWith = (weightsDigest: string, own?: string): LoadedModel =>
  ({
    shape: { family: 'gpt2', layers: 48, width: 1600 },
    architecture: gpt2,
    files: { name: 'xl', weightsDigest, ...(own === undefined ? {} : { home: own }) },
  }) as unknown as LoadedModel

const method = findEditMethod('forward-shift')
const published = defaultsFor(method, modelWith('mine')).values

describe("a user's own defaults", () => {
  const values = { ...published, layer: 7 }
  const write = () =>
    writeOwnDefaults(home, modelWith('mine', home), {
      method: 'forward-shift',
      values,
      source: 'lens sweep',
    })

  it('win over those of the package, for their weights alone', () => {
    expect(defaultsFor(method, modelWith('mine', home)).values).toEqual(published)
    expect(write()).toBe(join(home, 'hyperparameters', 'forward-shift', 'xl.json'))
    const found = defaultsFor(method, modelWith('mine', home))
    expect(found).toEqual({ values, provenance: 'swept', source: 'lens sweep' })
    expect(defaultsFor(method, modelWith('other', home)).values).toEqual(published)
    expect(defaultsFor(method, modelWith('mine')).values).toEqual(published)
    write()
    expect(readdirSync(ownDefaultsDirectory(home, 'forward-shift'))).toEqual(['xl.json'])
  })

  it('are refused by name when they are damaged or no longer fit', () => {
    const path = write()
    writeFileSync(path, '{')
    const asked = () => defaultsFor(method, modelWith('mine', home))
    expect(asked).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { file: path } }),
    )
    writeOwnDefaults(home, modelWith('mine', home), {
      method: 'forward-shift',
      values: { ...values, layer: 99 },
      source: 'elsewhere',
    })
    expect(asked).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
  })
})
