import { describe, expect, it } from 'vitest'
import {
  caseFilterOf,
  formatBrowse,
  parseBrowse,
  toggle,
  WHOLE,
  type BrowseView,
} from './browse-view'

const view: BrowseView = {
  search: 'Fr&ce',
  relations: ['capital of', 'a,b'],
  modelId: 'm1',
  onlyKnown: true,
}

describe('the view of a data set', () => {
  it('survives the address', () => {
    expect(parseBrowse(new URLSearchParams(formatBrowse(view)))).toEqual(view)
    expect(formatBrowse(WHOLE)).toBe('')
    expect(parseBrowse(new URLSearchParams(''))).toEqual(WHOLE)
  })

  it('knows nothing without a model', () => {
    expect(parseBrowse(new URLSearchParams('known=only')).onlyKnown).toBe(false)
    expect(formatBrowse({ ...view, modelId: '' })).not.toContain('known')
  })

  it('asks for what it shows', () => {
    expect(caseFilterOf(WHOLE)).toBeNull()
    expect(caseFilterOf({ ...WHOLE, search: '  ' })).toBeNull()
    expect(caseFilterOf(view)).toEqual({
      search: 'Fr&ce',
      relations: ['capital of', 'a,b'],
      knownByModelId: 'm1',
      onlyKnown: true,
    })
  })

  it('toggles', () => {
    expect(toggle(['a'], 'b')).toEqual(['a', 'b'])
    expect(toggle(['a', 'b'], 'a')).toEqual(['b'])
  })
})
