import { expect, it } from 'vitest'
import { activityFilter, formatActivityView, parseActivityView } from './activity-view'

it('goes through the address and back', () => {
  const view = { actorId: 'u1', kind: 'evaluation' } as const
  expect(parseActivityView(new URLSearchParams(formatActivityView(view)))).toEqual(view)
  expect(formatActivityView({ actorId: '', kind: '' })).toBe('')
})

it('reads what it does not know as no filter', () => {
  const view = parseActivityView(new URLSearchParams('about=weather'))
  expect(activityFilter(view)).toBeNull()
})

it('asks only for what is chosen', () => {
  expect(activityFilter({ actorId: '', kind: 'review' })).toEqual({ subjectKind: 'review' })
})
