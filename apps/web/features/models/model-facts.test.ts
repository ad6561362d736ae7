import { describe, expect, it } from 'vitest'
import { matrixLabel, sayMemory, showBytes, showMagnitude } from './model-facts'

describe('facts about a model', () => {
  it('uses round units', () => {
    expect(showBytes(0)).toBe('0 B')
    expect(showBytes(999)).toBe('999 B')
    expect(showBytes(24_300_000)).toBe('24 MB')
    expect(showBytes(6_200_000_000)).toBe('6.2 GB')
    expect(showMagnitude(124_439_808)).toBe('124 M')
    expect(showMagnitude(5_900_000)).toBe('5.9 M')
    expect(showMagnitude(1_557_611_200)).toBe('1.6 B')
  })

  it('sets memory needed beside memory free', () => {
    expect(sayMemory(420_000_000, 12_300_000_000)).toBe('420 MB of 12 GB free')
    expect(sayMemory(null, 12_300_000_000)).toBeNull()
  })

  it('names every matrix as the command line does', () => {
    expect(matrixLabel('ATTENTION_VALUE')).toBe('attention.value')
  })
})
