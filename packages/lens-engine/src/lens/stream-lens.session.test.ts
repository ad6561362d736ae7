// Streaming gives the numbers of the whole graph: block by block, with recomputation, on every kind of block.
import { describe, expect, it } from 'vitest'
import { relativeError } from '../testing/compare-tensors.js'
import { openTestModel } from '../testing/open-test-model.js'
import { readGolden, type GoldenSet } from '../testing/read-golden.js'
import type { LensRequest, LensResult } from './lens-result.js'
import { runLens } from './run-lens.js'

const TOLERANCE = 1e-5

const models: readonly (readonly [string, GoldenSet])[] = [
  ['d30-h3-f16', 'goldens'],
  ['llama-grouped-llama3', 'goldens-families'],
  ['mistral-window', 'goldens-families'],
  ['neox-parallel', 'goldens-families'],
  ['gptj', 'goldens-families'],
]

const requests: readonly LensRequest[] = [
  { prompt: { ids: [3, 14, 15, 9, 2, 6] }, target: { ids: [5] }, vectors: true },
  { prompt: { ids: [7, 1] }, target: { ids: [8, 4] }, targetMode: 'sequence', vectors: true },
]

async function compute(name: string, set: GoldenSet, streaming: boolean) {
  const opened = openTestModel(readGolden(name, set).directory, { threads: 1, streaming })
  try {
    return await runLens(opened.model, requests)
  } finally {
    await opened.close()
  }
}

function expectSameResult(streamed: LensResult, whole: LensResult): void {
  expect(Math.abs(streamed.loss - whole.loss) / whole.loss).toBeLessThan(1e-6)
  expect(streamed.next.map(({ id }) => id)).toEqual(whole.next.map(({ id }) => id))
  expect(streamed.gradientRank.map(({ rank }) => rank)).toEqual(
    whole.gradientRank.map(({ rank }) => rank),
  )
  expect(streamed.matrices).toHaveLength(whole.matrices.length)
  whole.matrices.forEach((cells, index) => {
    const other = streamed.matrices[index] as (typeof streamed.matrices)[number]
    expect([other.layer, other.matrix]).toEqual([cells.layer, cells.matrix])
    expect(other.targetRank).toEqual(cells.targetRank)
    expect(other.masked).toEqual(cells.masked)
    expect(other.bottomIds.slice(0, 3)).toEqual(cells.bottomIds.slice(0, 3))
    expect(relativeError(other.inputNorm, cells.inputNorm)).toBeLessThan(TOLERANCE)
    expect(relativeError(other.vjpNorm, cells.vjpNorm)).toBeLessThan(TOLERANCE)
  })
  whole.vectors.forEach(({ vjp, input }, index) => {
    const other = streamed.vectors[index] as (typeof streamed.vectors)[number]
    expect(relativeError(other.input, input)).toBeLessThan(TOLERANCE)
    if (vjp.some((value) => value !== 0))
      expect(relativeError(other.vjp, vjp)).toBeLessThan(TOLERANCE)
  })
  whole.imprint.forEach(({ ownChange, shiftFullNorm }, index) => {
    const other = streamed.imprint[index] as (typeof streamed.imprint)[number]
    expect(relativeError(other.ownChange, ownChange)).toBeLessThan(TOLERANCE)
    expect(relativeError(other.shiftFullNorm, shiftFullNorm)).toBeLessThan(TOLERANCE)
  })
  expect(streamed.hiddenStates.map(({ layer }) => layer)).toEqual(
    whole.hiddenStates.map(({ layer }) => layer),
  )
  expect(streamed.gradientCheck.map(({ matrix }) => matrix)).toEqual(
    whole.gradientCheck.map(({ matrix }) => matrix),
  )
}

describe('streaming', () => {
  it.each(models)('%s equals the whole graph', async (name, set) => {
    const [whole, streamed] = [await compute(name, set, false), await compute(name, set, true)]
    streamed.forEach((result, index) => expectSameResult(result, whole[index] as LensResult))
  })
})
