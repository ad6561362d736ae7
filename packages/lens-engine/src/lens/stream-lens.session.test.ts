// Streaming gives the numbers of the whole graph: block by block, with recomputation, on every kind of block.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { generateModel, type GenerateOptions, type ModelShapeName } from '../cli/generate-model.js'
import { relativeError } from '../testing/compare-tensors.js'
import { openTestModel } from '../testing/open-test-model.js'
import { readGolden, type GoldenSet } from '../testing/read-golden.js'
import type { LensRequest, LensResult } from './lens-result.js'
import { runLens, type RunLensOptions } from './run-lens.js'

const TOLERANCE = 1e-5

const models: readonly (readonly [string, GoldenSet])[] = [
  ['d30-h3-f16', 'goldens'],
  ['llama-grouped-llama3', 'goldens-families'],
  ['mistral-window', 'goldens-families'],
  ['neox-parallel', 'goldens-families'],
  ['gptj', 'goldens-families'],
]

/** Half precision on every path of the two families that users bring most. */
const generated: readonly (readonly [ModelShapeName, GenerateOptions['dtype']])[] = [
  ['tiny', 'bf16'],
  ['tiny-llama', 'f16'],
]

const requests: readonly LensRequest[] = [
  { prompt: { ids: [3, 14, 15, 9, 2, 6] }, target: { ids: [5] }, vectors: true },
  { prompt: { ids: [7, 1] }, target: { ids: [8, 4] }, targetMode: 'sequence', vectors: true },
]

async function compute(directory: string, streaming: boolean, options: RunLensOptions = {}) {
  const opened = openTestModel(directory, { threads: 1, streaming })
  try {
    return await runLens(opened.model, requests, options)
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
  whole.hiddenStates.forEach((states, index) => {
    const other = streamed.hiddenStates[index] as typeof states
    expect(other.targetRank).toEqual(states.targetRank)
    expect(other.answerRank).toEqual(states.answerRank)
    expect(relativeError(other.topLogits, states.topLogits)).toBeLessThan(TOLERANCE)
  })
  whole.gradientRank.forEach((rank, index) => {
    const other = streamed.gradientRank[index] as typeof rank
    expect(other.largestSingularValue / rank.largestSingularValue).toBeCloseTo(1, 4)
  })
  whole.gradientCheck.forEach((check, index) => {
    const other = streamed.gradientCheck[index] as typeof check
    expect(other.matrix).toBe(check.matrix)
    expect(other.analytic / check.analytic).toBeCloseTo(1, 4)
  })
}

const root = mkdtempSync(join(tmpdir(), 'imprint-stream-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function expectStreamedEqualsWhole(directory: string): Promise<void> {
  const [whole, streamed] = [await compute(directory, false), await compute(directory, true)]
  expect(whole[0]?.receipt).toMatchObject({ streaming: false })
  expect(streamed[0]?.receipt).toMatchObject({
    streaming: true,
    streamingReason: 'asked for: block by block',
  })
  streamed.forEach((result, index) => expectSameResult(result, whole[index] as LensResult))
}

describe('streaming', () => {
  it.each(models)('%s equals the whole graph', (name, set) =>
    expectStreamedEqualsWhole(readGolden(name, set).directory),
  )

  it.each(generated)('%s in %s equals the whole graph', (shape, dtype) =>
    expectStreamedEqualsWhole(
      generateModel(join(root, `${shape}-${dtype}`), { shape, dtype, seed: 11 }),
    ),
  )

  it('tells every block of every pass, and ends before the next when it is cancelled', async () => {
    const directory = generateModel(join(root, 'told'), { shape: 'tiny', dtype: 'f32', seed: 3 })
    const told: string[] = []
    await compute(directory, true, {
      onStage: (stage, progress) =>
        told.push(progress === undefined ? stage : `${progress.pass} ${progress.layer}`),
    })
    // The two requests differ in length only, so they share a batch; each is checked by itself.
    expect(told).toEqual([
      ...['loading', 'computing', 'forward 0', 'forward 1', 'backward 1', 'backward 0'],
      ...['projecting', 'check 0', 'check 1', 'check 0', 'check 1'],
    ])
    const controller = new AbortController()
    const until: string[] = []
    const cancelled = compute(directory, true, {
      signal: controller.signal,
      onStage(_, progress) {
        if (progress !== undefined) until.push(`${progress.pass} ${progress.layer}`)
        if (progress?.pass === 'backward') controller.abort()
      },
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(until.at(-1)).toBe('backward 1')
  })
})
