// The API never computes: a trivial query is answered at once while the engine is busy.
import { bundledModelId, apiUrl, textOfTokens, waitUntilIdle } from '../api.js'
import { holdTime } from '../budgets.js'
import { expect, test } from '../fixtures.js'
import { describeLatency, keepComputing, measureLatency } from '../responsiveness/latency.mjs'

/** Milliseconds; `npm run measure:responsiveness` measures it alone. */
const limit = 50

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
  holdTime('p99 of a trivial query, ms', latency.p99, limit)
})
