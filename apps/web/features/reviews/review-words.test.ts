import { expect, it } from 'vitest'
import { askedInWords, momentWords, since } from './review-words'

it.each([
  ['requested', null, 'DRAFT', 'made a draft of the request'],
  ['requested', null, 'IN_REVIEW', 'asked for a review'],
  ['submitted', 'DRAFT', 'IN_REVIEW', 'asked for a review'],
  ['approved', 'IN_REVIEW', 'APPROVED', 'approved it'],
  ['self-approved', 'IN_REVIEW', 'APPROVED', 'approved it, as nobody else could'],
  ['changes-requested', 'IN_REVIEW', 'CHANGES_REQUESTED', 'requested changes'],
  ['submitted', 'CHANGES_REQUESTED', 'IN_REVIEW', 'sent it again after changes'],
  ['withdrawn', 'IN_REVIEW', 'WITHDRAWN', 'withdrew the request'],
  ['reopened', 'WITHDRAWN', 'IN_REVIEW', 'opened the review again'],
  ['reviewers-changed', null, null, 'changed who is asked'],
  ['something-new', null, null, 'something new'],
] as const)('%s from %s to %s', (kind, from, to, words) => {
  expect(momentWords({ kind, from, to })).toBe(words)
})

it('finds what happened after the version that was seen', () => {
  const history = [1, 2, 3].map((version) => ({ version })) as unknown as Parameters<
    typeof since
  >[0]
  expect(since(history, 1).map(({ version }) => version)).toEqual([2, 3])
  expect(since(history, 3)).toEqual([])
})

it('names who is asked', () => {
  const ana = { id: 'u1', handle: 'ana', name: 'Ana' }
  expect(askedInWords({ reviewers: [], reviewerRoles: [] })).toBe('nobody by name')
  expect(askedInWords({ reviewers: [ana], reviewerRoles: [] })).toBe('Ana')
  expect(askedInWords({ reviewers: [ana], reviewerRoles: ['RESEARCHER', 'ADMIN'] })).toBe(
    'Ana, every researcher and every admin',
  )
})
