import { expect, it } from 'vitest'
import { formatReviewsView, parseReviewsView, reviewFilter } from './reviews-view'

it('goes through the address and back', () => {
  const view = { tab: 'all', state: 'CHANGES_REQUESTED', subject: 'EDIT' } as const
  expect(parseReviewsView(new URLSearchParams(formatReviewsView(view)))).toEqual(view)
})

it('starts with what waits for the reader', () => {
  const view = parseReviewsView(new URLSearchParams('show=else&state=odd'))
  expect(view).toEqual({ tab: 'waiting', state: '', subject: '' })
  expect(formatReviewsView(view)).toBe('')
  expect(reviewFilter(view)).toEqual({ waitingForMe: true })
})

it('asks for everything without a filter', () => {
  expect(reviewFilter({ tab: 'all', state: '', subject: '' })).toBeNull()
  expect(reviewFilter({ tab: 'mine', state: 'DRAFT', subject: 'EVALUATION' })).toEqual({
    mine: true,
    state: 'DRAFT',
    subjectKind: 'EVALUATION',
  })
})
