import { expect, it } from 'vitest'
import { showChance } from './chance'

it('says small probabilities in the same unit', () => {
  expect([1, 0.934, 0.0005, 0.0002, 3e-9, 0].map(showChance)).toEqual([
    '100.0%',
    '93.4%',
    '0.1%',
    '0.02%',
    '3e-7%',
    '0.0%',
  ])
})
