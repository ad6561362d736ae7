import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { writeRandomGpt2 } from '../testing/index.js'
import { openWeights } from '../weights/open-weights.js'
import { inspectModel } from './inspect-model.js'
import { fitInto } from './predict-memory.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-fit-'))
const home = join(root, 'home')
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(root, { recursive: true }))

describe('inspectModel', () => {
  it('says that a model fits block by block where its whole does not', () => {
    const deep = writeRandomGpt2(join(root, 'deep'), { layers: 40, width: 128 })
    const { memory } = inspectModel(deep, { home })
    expect(memory.streaming.total).toBeLessThan(memory.frugal.total)
    const between = (memory.streaming.total + memory.frugal.total) / 2
    // The limit is that of the process, which holds something already.
    const limit = (bytes: number) =>
      vi.stubEnv('IMPRINT_MEMORY_LIMIT', String(Math.round(bytes + process.memoryUsage().rss)))
    limit(between)
    expect(inspectModel(deep, { home })).toMatchObject({ fits: true, fit: 'block by block' })
    limit(memory.streaming.total / 2)
    expect(inspectModel(deep, { home })).toMatchObject({ fits: false, fit: 'not' })
  })

  it('takes the largest block and the decoder from the headers', () => {
    const source = writeRandomGpt2(join(root, 'small'))
    const { memory } = inspectModel(source, { home })
    const weights = openWeights(source)
    const bytesOf = (kind: RegExp) =>
      weights
        .tensors()
        .filter(({ name }) => kind.test(name))
        .reduce((sum, { length }) => sum + length, 0)
    expect(memory.streaming.weights).toBe(bytesOf(/(^|\.)h\.0\./) + bytesOf(/wte/))
    expect(memory.weights).toBe(weights.bytes)
  })
})

describe('fitInto', () => {
  const { memory } = inspectModel(writeRandomGpt2(join(root, 'tiny'), { layers: 3 }), { home })
  const { frugal, streaming } = memory

  it.each([
    ['whole', frugal.total],
    ['block by block', frugal.total - 1],
    ['block by block', streaming.total],
    ['not', streaming.total - 1],
  ])('is "%s" with %i bytes', (fit, available) => {
    expect(fitInto(memory, available)).toBe(fit)
  })
})
