import { expect, it } from 'vitest'
import { sayBlock, sayPlace, sayWhere } from './where-computed'

it('says the device, what drives it and why', () => {
  const device = { provider: 'cpu', name: 'AMD EPYC', reason: 'auto: cuda: no GPU; cpu' }
  expect(sayWhere(device)).toBe('AMD EPYC, by cpu (auto: cuda: no GPU; cpu)')
  expect(sayWhere({ ...device, reason: '' })).toBe('AMD EPYC, by cpu')
})

it('says which block a run is at, counted from 1', () => {
  const block = { pass: 'FORWARD', layer: 2, layers: 32, secondsLeft: null } as const
  expect(sayBlock(block)).toBe('forward: block 3 of 32')
  expect(sayBlock({ ...block, pass: 'BACKWARD', layer: 31, secondsLeft: 75 })).toBe(
    'backward: block 32 of 32, about 1 min 15 s left',
  )
})

it('says how many runs are before one: place 1 is next', () => {
  expect([1, 2, 5].map(sayPlace)).toEqual([
    ...['Next in line', '1 ahead in the queue', '4 ahead in the queue'],
  ])
})
