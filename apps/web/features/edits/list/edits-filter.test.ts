import { describe, expect, it } from 'vitest'
import { editFilterOf, formatEditsView, parseEditsView, toggleChosen } from './edits-filter'

describe('the filter of edits', () => {
  it('goes to the address and back', () => {
    const view = {
      search: 'a & b',
      method: 'rome',
      state: 'DONE',
      modelId: 'm1',
      applied: 'no',
    } as const
    expect(parseEditsView(new URLSearchParams(formatEditsView(view)))).toEqual(view)
  })

  it('sends only what is chosen and known', () => {
    const view = parseEditsView(new URLSearchParams('state=x&method=magic&applied=no&search=%20'))
    expect(editFilterOf(view, ['rome'])).toEqual({ applied: false })
    expect(editFilterOf(parseEditsView(new URLSearchParams()), [])).toBeNull()
  })

  it('chooses at most two', () => {
    expect(['a', 'b', 'c'].reduce<string[]>(toggleChosen, [])).toEqual(['b', 'c'])
    expect(toggleChosen(['b', 'c'], 'b')).toEqual(['c'])
  })
})
