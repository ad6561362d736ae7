import { describe, expect, it } from 'vitest'
import { namesOf, pairRows, worstOverlap, type InterferenceFacts } from './interference-model'

const edit = (id: string, name: string | null, target: string) => ({
  id,
  name,
  method: 'rome',
  requests: [{ prompt: '{} is', subject: 'France', target }],
  probes: { truth: 'Paris' },
})

const pair = (
  first: string,
  second: string,
  alone: number,
  together: number,
  firstHolds = true,
) => ({
  first,
  second,
  alone,
  together,
  firstHolds,
})

const map = {
  edits: [edit('a', 'Berlin', 'Berlin'), edit('b', null, 'Rome')],
  keyOverlap: [
    [1, 0.4],
    [0.4, 1],
  ],
  effect: [pair('a', 'b', 0.9, 0.85), pair('b', 'a', 0.8, 0.1, false)],
} as unknown as InterferenceFacts

it('names edits as their list does', () => {
  expect(namesOf(map)).toEqual(['Berlin', 'France: Paris → Rome'])
})

describe('pairs', () => {
  it('stand with the broken ones first, with the overlap of their keys', () => {
    expect(pairRows(map).map(({ first, holds, overlap }) => [first, holds, overlap])).toEqual([
      ['b', false, 0.4],
      ['a', true, 0.4],
    ])
    expect(pairRows(map)[1]?.change).toBeCloseTo(-0.05)
  })

  it('say so where an edit is gone', () => {
    const gone = { ...map, edits: map.edits.slice(0, 1) } as InterferenceFacts
    expect(pairRows(gone)[0]).toMatchObject({ firstName: 'an edit that is gone', overlap: null })
  })
})

it('leaves the diagonal out of the largest overlap', () => {
  expect(worstOverlap(map.keyOverlap ?? [])).toBe(0.4)
  expect(worstOverlap([[1]])).toBe(0)
})
