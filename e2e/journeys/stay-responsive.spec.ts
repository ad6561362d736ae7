// The API never computes: a trivial query is answered at once while the engine is busy.
import { bundledModelId, apiUrl, textOfTokens, waitUntilIdle } from '../api.js'
import { expect, test } from '../fixtures.js'
import { describeLatency, keepComputing, measureLatency } from '../responsiveness/latency.mjs'

/** The figure to hold is 50 ms (`npm run measure:responsiveness`); machines of a shared CI get some room. */
const limit = 250

test('the API answers while many runs are computed', async () => {
  const modelId = await bundledModelId()
  const promptText = await textOfTokens(modelId, 120)
  const input = { modelId, promptText, targetText: 'Berlin', topK: 50 }
  const load = keepComputing({ apiUrl: apiUrl(), input, waiting: 3 })
  const latency = await measureLatency({ apiUrl: apiUrl(), seconds: 30 })
  const { asked, busyShare } = await load.stop()
  await waitUntilIdle()
  console.log(
    `${describeLatency(latency)}; ${asked} runs, busy in ${Math.round(busyShare * 100)}% of the looks`,
  )
  test.info().annotations.push({ type: 'latency', description: describeLatency(latency) })
  expect(asked).toBeGreaterThan(3)
  expect(busyShare).toBeGreaterThan(0.5)
  expect(latency.p99).toBeLessThanOrEqual(limit)
})
