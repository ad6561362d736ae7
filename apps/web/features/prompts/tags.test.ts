import { describe, expect, it } from 'vitest'
import { lensAddress, parseTags } from './tags'

describe('prompts', () => {
  it('takes tags apart', () => {
    expect(parseTags(' Capital, europe,, capital ,')).toEqual(['capital', 'europe'])
    expect(parseTags(' ')).toEqual([])
  })

  it('opens in the lens with everything it holds', () => {
    const address = lensAddress({ id: 'p1', text: 'A & B', target: ' Rome', model: { id: 'm' } })
    const query = new URLSearchParams(address.slice('/lens?'.length))
    expect(Object.fromEntries(query)).toEqual({
      prompt: 'A & B',
      from: 'p1',
      target: 'Rome',
      model: 'm',
    })
    expect(lensAddress({ id: 'p2', text: 'x' })).toBe('/lens?prompt=x&from=p2')
  })
})
