import { describe, expect, it } from 'vitest'
import {
  EMPTY_SEARCH,
  formatSearch,
  hitAddress,
  parseSearch,
  searchInput,
  type SearchView,
} from './search-view'

const parse = (text: string) => parseSearch(new URLSearchParams(text))

const FULL: SearchView = {
  modelId: 'm1',
  token: ' Paris',
  tokenId: 12,
  layer: 5,
  matrix: 'MLP_DOWN',
  end: 'BOTTOM',
  objects: 'EDIT',
}

describe('the address of a search', () => {
  it('holds all of it, the space before a token too', () => {
    expect(parse(formatSearch(FULL))).toEqual(FULL)
    expect(formatSearch(EMPTY_SEARCH)).toBe('')
    expect(parse('')).toEqual(EMPTY_SEARCH)
  })

  it('bears nonsense', () => {
    expect(parse('layer=-1&matrix=none&end=middle&in=air&id=x')).toEqual(EMPTY_SEARCH)
  })
})

it('asks for nothing without a token', () => {
  expect(searchInput(EMPTY_SEARCH, 'm1')).toBeNull()
  expect(searchInput(FULL, null)).toBeNull()
  expect(searchInput(FULL, 'm1')).toMatchObject({ token: ' Paris', layer: 5, objects: ['EDIT'] })
})

it('leads to the cell of the lens, or to the edit', () => {
  const cell = {
    layer: 5,
    matrix: 'MLP_DOWN',
    factor: 'VJP',
    position: 3,
    run: { id: 'r1' },
    edit: null,
  } as const
  expect(hitAddress(cell)).toBe('/lens?run=r1&matrix=mlp.down&factor=vjp&cell=5.3')
  expect(hitAddress({ ...cell, run: null, edit: { id: 'e1' } })).toBe('/edits/e1')
})
