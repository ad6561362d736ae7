// The list of reviews <-> the address, and what the API is asked for.
import type { ReviewFilter, ReviewState, ReviewSubject } from '../../graphql/generated/graphql'
import { REVIEW_STATES, SUBJECTS } from './review-words'

export type ReviewsTab = 'waiting' | 'mine' | 'all'

export interface ReviewsView {
  readonly tab: ReviewsTab
  readonly state: ReviewState | ''
  readonly subject: ReviewSubject | ''
}

const TABS: readonly ReviewsTab[] = ['waiting', 'mine', 'all']

const known = <T extends string>(table: Readonly<Record<T, unknown>>, text: string | null) =>
  (Object.keys(table) as T[]).find((key) => key === (text ?? '').toUpperCase()) ?? ('' as const)

export function parseReviewsView(query: URLSearchParams): ReviewsView {
  const tab = query.get('show')
  return {
    tab: TABS.find((one) => one === tab) ?? 'waiting',
    state: known(REVIEW_STATES, query.get('state')),
    subject: known(SUBJECTS, query.get('of')),
  }
}

export function formatReviewsView({ tab, state, subject }: ReviewsView): string {
  const query = new URLSearchParams()
  if (tab !== 'waiting') query.set('show', tab)
  if (state) query.set('state', state.toLowerCase())
  if (subject) query.set('of', subject.toLowerCase())
  return query.toString()
}

export function reviewFilter({ tab, state, subject }: ReviewsView): ReviewFilter | null {
  const filter: ReviewFilter = {
    ...(tab === 'waiting' && { waitingForMe: true }),
    ...(tab === 'mine' && { mine: true }),
    ...(state && { state }),
    ...(subject && { subjectKind: subject }),
  }
  return Object.keys(filter).length > 0 ? filter : null
}
