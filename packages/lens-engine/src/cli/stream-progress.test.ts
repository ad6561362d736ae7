import { expect, test } from 'vitest'
import { describeProgress } from './stream-progress.js'

test.each([
  [undefined, 'computing ...'],
  [null, 'computing: forward, layer 0 of 32 ...'],
  [400, 'computing: forward, layer 0 of 32, about 1 s left ...'],
  [59_400, 'computing: forward, layer 0 of 32, about 59 s left ...'],
  [100_000, 'computing: forward, layer 0 of 32, about 1 min 40 s left ...'],
])('remaining %s -> %s', (remaining, text) => {
  const progress =
    remaining === undefined
      ? undefined
      : ({ pass: 'forward', layer: 0, layers: 32, remaining } as const)
  expect(describeProgress('computing', progress)).toBe(text)
})
