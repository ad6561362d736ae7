// The same numbers from prompts run together, alone, and on another number of threads.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { relativeError } from '../testing/compare-tensors.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { makeTinyGpt2 } from '../testing/random-gpt2.js'
import type { LensRequest, LensResult } from './lens-result.js'
import { runLens } from './run-lens.js'

/** Float32 sums may be taken in another order when rows or threads are split differently. */
const TOLERANCE = 1e-5

const requests: readonly LensRequest[] = [
  { prompt: { ids: [5] }, target: { ids: [7] } },
  { prompt: { ids: [3, 1, 4, 1, 5, 9, 2, 6] }, target: { ids: [10, 11] }, targetMode: 'sequence' },
  { prompt: { ids: [8, 8] }, target: { ids: [12, 13] }, targetMode: 'last' },
  { prompt: { ids: [40, 30, 20] }, target: { ids: [14, 15] }, targetMode: 'first' },
  { prompt: { ids: Array.from({ length: 17 }, (_, at) => at + 1) }, target: { ids: [0] } },
].map((request) => ({ ...request, vectors: true }) as LensRequest)

const directory = makeTinyGpt2({ layers: 3, width: 24, heads: 3, vocabularySize: 83, seed: 9 })
const opened: TestModel[] = []
let alone: readonly LensResult[] = []

const open = (threads: number): TestModel['model'] => {
  const one = openTestModel(directory, { provider: 'cpu', threads })
  opened.push(one)
  return one.model
}

beforeAll(async () => {
  const model = open(1)
  const results: LensResult[] = []
  for (const request of requests) results.push(...(await runLens(model, [request])))
  alone = results
})
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()))
  rmSync(directory, { recursive: true, force: true })
})

/** Everything but receipts: integers and text exactly, floats within the tolerance. */
function expectSame(actual: unknown, expected: unknown, path: string): void {
  if (expected instanceof Float32Array) {
    const error = relativeError(actual as Float32Array, expected)
    expect(error, path).toBeLessThan(TOLERANCE)
  } else if (ArrayBuffer.isView(expected)) {
    expect(actual, path).toEqual(expected)
  } else if (typeof expected === 'number' && !Number.isInteger(expected)) {
    expect(relativeError([actual as number], [expected]), path).toBeLessThan(TOLERANCE)
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object), path).toEqual(Object.keys(expected))
    for (const [key, value] of Object.entries(expected)) {
      if (key === 'receipt' || key === 'gradientCheck') continue
      expectSame((actual as Record<string, unknown>)[key], value, `${path}.${key}`)
    }
  } else {
    expect(actual, path).toEqual(expected)
  }
}

test('a batch of prompts of unequal lengths gives the numbers of single runs', async () => {
  const together = await runLens(open(1), requests)
  expectSame(together, alone, 'batch')
})

test('the order of a batch does not matter', async () => {
  const reversed = await runLens(open(1), [...requests].reverse())
  expectSame([...reversed].reverse(), alone, 'reversed')
})

test('two threads give the numbers of one', async () => {
  expectSame(await runLens(open(2), requests), alone, 'threads')
})

test('the same run twice gives the same bits', async () => {
  const model = open(1)
  const [first, second] = [await runLens(model, requests), await runLens(model, requests)]
  const withoutReceipt = (result: LensResult) => ({ ...result, receipt: null })
  expect(second.map(withoutReceipt)).toEqual(first.map(withoutReceipt))
})

test('vectors are returned only when asked for', async () => {
  const request = { ...(requests[3] as LensRequest), vectors: false }
  const [result] = await runLens(open(1), [request])
  expect(result?.vectors).toEqual([])
  expect(alone[3]?.vectors).toHaveLength(18)
})
