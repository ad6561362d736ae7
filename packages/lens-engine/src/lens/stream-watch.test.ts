import { expect, test } from 'vitest'
import { watchStream, type LensProgress } from './stream-watch.js'

const blocks = { forward: 2, backward: 2, check: 4 }

test('tells each block, and the time left from blocks of its own kind once they were seen', async () => {
  const sent: LensProgress[] = []
  let clock = 0
  const before = watchStream({
    layers: 2,
    blocks,
    onProgress: (progress) => sent.push(progress),
    now: () => clock,
  })
  await before('forward', 0)
  clock += 100
  await before('forward', 1)
  clock += 100
  await before('backward', 1)
  clock += 500
  await before('backward', 0)
  expect(sent.map(({ pass, layer }) => `${pass} ${layer}`)).toEqual([
    'forward 0',
    'forward 1',
    'backward 1',
    'backward 0',
  ])
  // One forward and two backward of 300 each, and four checks of 150; then as they were seen.
  expect(sent.map(({ remaining }) => remaining)).toEqual([null, 100 + 600 + 600, 1200, 500 + 600])
})

test('stops before the next block when it is cancelled, also from a timer', async () => {
  const controller = new AbortController()
  const before = watchStream({ layers: 2, blocks, signal: controller.signal })
  await before('forward', 0)
  setTimeout(() => controller.abort(), 0)
  const until = performance.now() + 20
  while (performance.now() < until);
  await expect(
    (async () => {
      for (let layer = 1; layer < 50; layer++) await before('forward', layer)
    })(),
  ).rejects.toMatchObject({ code: 'RUN_CANCELLED', details: { pass: 'forward' } })
})
