import { scaleLinear } from 'd3-scale'
import { expect, it } from 'vitest'
import { linearAxis } from './linear-axis'

/** The same numbers each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    yield state / 2_147_483_648
  }
}

it('places, inverts and marks as d3 does', () => {
  const next = numbers(7)
  const draw = () => next.next().value
  for (let round = 0; round < 500; round++) {
    const size = 10 ** Math.round(draw() * 12 - 6)
    const low = (draw() - 0.5) * size
    const domain = [low, low + (0.01 + draw()) * size] as const
    const range = [draw() * 400, draw() * 400] as const
    const [axis, reference] = [linearAxis(domain, range), scaleLinear(domain, range)]
    const at = low + draw() * size
    expect(axis(at)).toBeCloseTo(reference(at), 6)
    expect(axis.invert(axis(at)) / size).toBeCloseTo(at / size, 6)
    for (const count of [3, 4, 5, 8]) expect(axis.ticks(count)).toEqual(reference.ticks(count))
  }
})

it('puts everything in the middle of an axis without extent', () => {
  const axis = linearAxis([2, 2], [0, 100])
  expect([axis(2), axis(5), axis.ticks()]).toEqual([50, 50, [2]])
  expect(linearAxis([0, Number.NaN], [0, 1]).ticks()).toEqual([])
})
