import { expect, it } from 'vitest'
import { factorOf, factorWord } from './scale-model'

it('reads factors as people write them, within the range', () => {
  expect(factorOf('0')).toBe(0)
  expect(factorOf(' -1.5 ')).toBe(-1.5)
  expect(factorOf('.5')).toBe(0.5)
  expect(factorOf('10')).toBe(10)
  for (const wrong of ['', 'x', '1e3', '11', '-10.1', '0x1', '1,5', 'Infinity'])
    expect(factorOf(wrong)).toBeNull()
})

it('says what a factor does', () => {
  expect(factorWord(0)).toMatch(/Ablated/)
  expect(factorWord(1)).toMatch(/nothing/)
  expect(factorWord(0.5)).toMatch(/Dimmed/)
  expect(factorWord(3)).toMatch(/3 times/)
  expect(factorWord(-2)).toMatch(/takes away 2/)
})
