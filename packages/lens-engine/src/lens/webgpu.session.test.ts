// The lens on the WebGPU provider gives the numbers of the CPU; skipped, with the reason, where no Vulkan driver is.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareTensors, relativeError } from '../testing/compare-tensors.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { makeTinyGpt2 } from '../testing/random-gpt2.js'
import { findVulkanDriver } from '../testing/vulkan-driver.js'
import type { LensRequest, LensResult } from './lens-result.js'
import { runLens } from './run-lens.js'

/** Shaders may fuse and reorder float32 sums, and approximate tanh and exp. */
const TOLERANCE = 1e-4

const { driver, note } = findVulkanDriver()
const directory = makeTinyGpt2({ layers: 2, width: 16, heads: 2, vocabularySize: 67, seed: 5 })
const requests: readonly LensRequest[] = [
  { prompt: { ids: [4, 8, 15, 16, 23] }, target: { ids: [42] }, vectors: true },
  {
    prompt: { ids: [9] },
    target: { ids: [30, 31] },
    targetMode: 'sequence',
    vectors: true,
  },
]

let cpu: TestModel
let results: {
  readonly cpu: readonly LensResult[]
  readonly webgpu: readonly LensResult[]
} | null = null

beforeAll(async () => {
  if (driver === null) {
    console.warn(`WebGPU test skipped: ${note}`)
    return
  }
  process.env['VK_DRIVER_FILES'] = driver
  process.env['XDG_RUNTIME_DIR'] ??= '/tmp'
  cpu = openTestModel(directory, { provider: 'cpu', threads: 1 })
  const webgpu = openTestModel(directory, { provider: 'webgpu', threads: 1 })
  results = {
    cpu: await runLens(cpu.model, requests),
    webgpu: await runLens(webgpu.model, requests),
  }
  await webgpu.close()
}, 300_000)
afterAll(async () => {
  if (driver !== null) await cpu.close()
  rmSync(directory, { recursive: true, force: true })
})

test('loss, X, Delta and norms', (context) => {
  if (results === null) return context.skip(note)
  results.webgpu.forEach((result, at) => {
    const reference = results?.cpu[at] as LensResult
    expect(result.receipt.provider).toBe('webgpu')
    expect(relativeError([result.loss], [reference.loss])).toBeLessThan(TOLERANCE)
    result.vectors.forEach(({ input, inputWidth, vjp, vjpWidth }, row) => {
      const expected = reference.vectors[row] as LensResult['vectors'][number]
      const place = `layer ${expected.layer} ${expected.matrix}`
      const difference = compareTensors(vjp, expected.vjp, vjpWidth)
      expect(compareTensors(input, expected.input, inputWidth).relativeError).toBeLessThan(
        TOLERANCE,
      )
      expect(difference.relativeError, place).toBeLessThan(TOLERANCE)
      expect(difference.largestInZeroRows, place).toBe(0)
    })
  })
})

test('top token, ranks and gradient ranks', (context) => {
  if (results === null) return context.skip(note)
  results.webgpu.forEach((result, at) => {
    const reference = results?.cpu[at] as LensResult
    expect(result.answer.id).toBe(reference.answer.id)
    result.matrices.forEach((cells, row) => {
      const expected = reference.matrices[row] as LensResult['matrices'][number]
      expect(cells.masked).toEqual(expected.masked)
      expect(cells.targetRank).toEqual(expected.targetRank)
      expect(cells.answerRank).toEqual(expected.answerRank)
      expect(relativeError(cells.topLogits, expected.topLogits)).toBeLessThan(TOLERANCE)
    })
    expect(result.gradientRank.map(({ rank }) => rank)).toEqual(
      reference.gradientRank.map(({ rank }) => rank),
    )
  })
})
