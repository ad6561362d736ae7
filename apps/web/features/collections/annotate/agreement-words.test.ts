import { expect, it } from 'vitest'
import { agreementWord } from './agreement-words'

it('names the bands of Landis and Koch', () => {
  expect(agreementWord(1)).toBe('perfect')
  expect(agreementWord(0.8)).toBe('almost perfect')
  expect(agreementWord(0.79)).toBe('substantial')
  expect(agreementWord(0.41)).toBe('moderate')
  expect(agreementWord(0.2)).toBe('fair')
  expect(agreementWord(0.05)).toBe('slight')
})

it('says when it is chance, and when it is nothing', () => {
  expect(agreementWord(0)).toBe('no better than chance')
  expect(agreementWord(-0.3)).toBe('no better than chance')
  expect(agreementWord(null)).toBe('cannot be computed')
})
