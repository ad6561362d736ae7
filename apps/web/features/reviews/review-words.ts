// The words of reviews, and what somebody who was typing has missed.
import type {
  ReviewState,
  ReviewSubject,
  Role,
  TalkReviewFragment,
} from '../../graphql/generated/graphql'

export type ReviewFacts = TalkReviewFragment
export type ReviewMoment = ReviewFacts['history'][number]

export interface RequestReviewProps {
  readonly subjectKind: ReviewSubject
  readonly subjectId: string
  /** What the title says at first. */
  readonly title: string
}

interface Said {
  readonly label: string
  /** One of the forms of a badge. */
  readonly sign: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
}

export const REVIEW_STATES: Readonly<Record<ReviewState, Said>> = {
  DRAFT: { label: 'draft', sign: 'queued' },
  IN_REVIEW: { label: 'in review', sign: 'running' },
  CHANGES_REQUESTED: { label: 'changes requested', sign: 'failed' },
  APPROVED: { label: 'approved', sign: 'done' },
  WITHDRAWN: { label: 'withdrawn', sign: 'cancelled' },
}

export const SUBJECTS: Readonly<Record<ReviewSubject, string>> = {
  EDIT: 'edit',
  ANNOTATION: 'annotation',
  EVALUATION: 'evaluation',
}

export const ROLES: Readonly<Record<Role, string>> = {
  VIEWER: 'viewer',
  ANNOTATOR: 'annotator',
  RESEARCHER: 'researcher',
  ADMIN: 'admin',
}

/** The roles that may review. */
export const REVIEWING_ROLES: readonly Role[] = ['RESEARCHER', 'ADMIN']

const BY_STATE: Readonly<Record<ReviewState, string>> = {
  DRAFT: 'made a draft of the request',
  IN_REVIEW: 'asked for a review',
  CHANGES_REQUESTED: 'requested changes',
  APPROVED: 'approved it',
  WITHDRAWN: 'withdrew the request',
}

const BY_KIND: Readonly<Record<string, string>> = {
  'reviewers-changed': 'changed who is asked',
  reopened: 'opened the review again',
  'self-approved': 'approved it, as nobody else could',
  'self-changes-requested': 'requested changes, as nobody else could',
}

/** "approved it": what somebody did, from the kind of the event and the states around it. */
export function momentWords({
  kind,
  from,
  to,
}: Pick<ReviewMoment, 'kind' | 'from' | 'to'>): string {
  const named = BY_KIND[kind]
  if (named) return named
  if (from === 'CHANGES_REQUESTED' && to === 'IN_REVIEW') return 'sent it again after changes'
  if (to) return BY_STATE[to]
  return kind.replaceAll('-', ' ')
}

/** What others did after the version that the reader saw. */
export function since(history: readonly ReviewMoment[], version: number): readonly ReviewMoment[] {
  return history.filter((moment) => moment.version > version)
}

/** "Ana, Sam and every admin". */
export function askedInWords({
  reviewers,
  reviewerRoles,
}: Pick<ReviewFacts, 'reviewers' | 'reviewerRoles'>): string {
  const names = [
    ...reviewers.map(({ name }) => name),
    ...reviewerRoles.map((role) => `every ${ROLES[role]}`),
  ]
  if (names.length === 0) return 'nobody by name'
  if (names.length === 1) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export const canWithdraw = (state: ReviewState): boolean =>
  state === 'DRAFT' || state === 'IN_REVIEW' || state === 'CHANGES_REQUESTED'

export const canSubmit = (state: ReviewState): boolean =>
  state === 'DRAFT' || state === 'CHANGES_REQUESTED'

export const canReopen = (state: ReviewState): boolean =>
  state === 'WITHDRAWN' || state === 'APPROVED'
