import { describe, expect, it } from 'vitest'
import { filterOf, formatRunsView, parseRunsView } from './runs-filter'

describe('the filter of runs', () => {
  it('goes to the address and back', () => {
    const view = { search: 'a & b', state: 'FAILED', modelId: 'm1' } as const
    expect(parseRunsView(new URLSearchParams(formatRunsView(view)))).toEqual(view)
  })

  it('asks for everything when nothing is chosen', () => {
    expect(filterOf(parseRunsView(new URLSearchParams('state=nonsense&search=%20')))).toBeNull()
  })

  it('sends only what is chosen', () => {
    expect(filterOf({ search: ' x ', state: 'DONE', modelId: '' })).toEqual({
      search: 'x',
      state: 'DONE',
    })
  })
})
