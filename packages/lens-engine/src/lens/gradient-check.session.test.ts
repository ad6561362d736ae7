// The directional-derivative check on prompts long enough to be measured in several batches.
import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTestModel } from '../testing/open-test-model.js'
import { makeTinyGpt2 } from '../testing/random-gpt2.js'
import type { LensResult } from './lens-result.js'
import { runLens } from './run-lens.js'

test.each([60, 70])('%i tokens: measured derivatives agree with the factors', async (positions) => {
  const directory = makeTinyGpt2({ contextLength: 80, scale: 0.1, seed: 21 })
  const { model, close } = openTestModel(directory, { provider: 'cpu', threads: 1 })
  const ids = Array.from({ length: positions }, (_, at) => (17 * at + 3) % 61)
  const [result] = await runLens(model, [{ prompt: { ids }, target: { ids: [7] } }])
  await close()
  rmSync(directory, { recursive: true, force: true })
  const checks = (result as LensResult).gradientCheck
  expect(checks).toHaveLength(6)
  for (const { matrix, analytic, relativeError } of checks) {
    expect(analytic, matrix).toBeGreaterThan(0)
    expect(relativeError, matrix).toBeLessThan(2e-2)
  }
})
