import { describe, expect, it } from 'vitest'
import { createRandom } from './seeded-random.js'

describe('createRandom', () => {
  it('repeats its stream for the same seed and differs for another', () => {
    const draw = (seed: number) => Array.from({ length: 8 }, createRandom(seed).nextUint32)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('splits by label, independent of how far the parent was read', () => {
    const parent = createRandom('a')
    const before = parent.split('weights').nextUint32()
    parent.nextNormal()
    expect(parent.split('weights').nextUint32()).toBe(before)
    expect(parent.split('biases').nextUint32()).not.toBe(before)
  })

  it('draws normals with mean 0, variance 1 and normal tails (400,000 values, seed 3)', () => {
    const values = createRandom(3).normals(400_000)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length
    expect(Math.abs(mean)).toBeLessThan(0.006)
    expect(Math.abs(variance - 1)).toBeLessThan(0.01)
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.0015)
  })

  it('draws integers evenly', () => {
    const random = createRandom(5)
    const counts = new Array<number>(7).fill(0)
    for (let draw = 0; draw < 70_000; draw++) counts[random.nextInteger(7)]!++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  it('fills arrays with the integers it would draw one by one, and goes on after them', () => {
    const limits = [
      1,
      2,
      3,
      7,
      1000,
      20_000,
      2 ** 16,
      2 ** 16 + 1,
      2 ** 29 + 1,
      2 ** 30 - 1,
      2 ** 30,
    ]
    for (const limit of [...limits, 2 ** 30 + 1, 2 ** 31 + 11, 2 ** 32]) {
      const [one, many] = [createRandom(9), createRandom(9)]
      const filled = new Uint32Array(2_000)
      many.fillIntegers(filled, limit)
      expect([...filled]).toEqual(Array.from({ length: 2_000 }, () => one.nextInteger(limit)))
      expect(many.nextUint32()).toBe(one.nextUint32())
    }
  })
})
