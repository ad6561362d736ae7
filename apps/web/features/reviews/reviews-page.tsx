'use client'
// Reviews, those that wait longest first: what awaits me, what I asked for, all.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import { Segmented } from '../../components/segmented'
import { TalkReviewsDocument, type TalkReviewRowFragment } from '../../graphql/generated/graphql'
import { Ago } from '../comments'
import { complaintOf } from '../edits/complaint'
import { ReviewBadge } from './review-badge'
import { askedInWords, REVIEW_STATES, SUBJECTS } from './review-words'
import {
  formatReviewsView,
  parseReviewsView,
  reviewFilter,
  type ReviewsTab,
  type ReviewsView,
} from './reviews-view'

const PAGE = 25
const READS = { additionalTypenames: ['Review'] }

const TABS = [
  { value: 'waiting', label: 'Waiting for me' },
  { value: 'mine', label: 'Mine' },
  { value: 'all', label: 'All' },
] as const

const EMPTY: Readonly<Record<ReviewsTab, string>> = {
  waiting: 'Nothing waits for you.',
  mine: 'You have not asked for a review. Edits, annotations and evaluations have a button for it.',
  all: 'Nobody has asked for a review yet.',
}

function useReviewsView() {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseReviewsView(new URLSearchParams(params.toString())))
  const change = (part: Partial<ReviewsView>) => {
    const next = { ...view, ...part }
    setView(next)
    const query = formatReviewsView(next)
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
  }
  return [view, change] as const
}

function Row({ review }: { readonly review: TalkReviewRowFragment }) {
  const { id, title, anchor, requestedBy, state, stale, waitingSince, updatedAt, round } = review
  return (
    <li className="review-row" data-testid="review-row">
      <span className="review-what">
        <Link href={`/reviews/${id}`} prefetch={false}>
          {title}
        </Link>
        <small className="muted">
          {anchor.title} · asked of {askedInWords(review)} by {requestedBy.name}
        </small>
      </span>
      <span className="review-signs">
        {stale && (
          <span className="badge" title="The subject changed since the decision">
            stale
          </span>
        )}
        {round > 1 && <span className="muted">round {round}</span>}
        <ReviewBadge state={state} />
      </span>
      <span className="review-age muted">
        {waitingSince ? 'waits since ' : 'changed '}
        <Ago at={waitingSince ?? updatedAt} />
      </span>
    </li>
  )
}

interface ChunkProps {
  readonly after: string | null
  readonly view: ReviewsView
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
}

function Chunk({ after, view, last, onMore }: ChunkProps) {
  const [{ data, error, fetching }] = useQuery({
    query: TalkReviewsDocument,
    variables: { first: PAGE, after, filter: reviewFilter(view), order: 'WAITING' },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  const complaint = data ? null : complaintOf(error, undefined)
  const reviews = data?.reviews.edges ?? []
  return (
    <>
      {reviews.map(({ node }) => (
        <Row key={node.id} review={node} />
      ))}
      {!data && fetching && (
        <>
          <li className="skeleton line" />
          <li className="skeleton line" />
        </>
      )}
      {complaint && (
        <li>
          <Problem title="The reviews were not read" {...complaint} />
        </li>
      )}
      {data && reviews.length === 0 && after === null && (
        <li className="none">
          {view.state || view.subject ? 'No review is like that.' : EMPTY[view.tab]}
        </li>
      )}
      {last && data?.reviews.pageInfo.hasNextPage && (
        <li className="more">
          <button type="button" className="link" onClick={() => onMore(data.reviews.pageInfo)}>
            Show more
          </button>
        </li>
      )}
    </>
  )
}

const options = <T extends string>(table: Readonly<Record<T, string>>) =>
  (Object.keys(table) as T[]).map((value) => ({ value, label: table[value] }))

const any = { value: '' as const, label: 'any' }

export function ReviewsPage() {
  const [view, change] = useReviewsView()
  const pages = usePages(formatReviewsView(view))
  return (
    <main className="page talk-page" id="main">
      <div className="bar">
        <h1 className="grow">Reviews</h1>
        <Link className="button small" href="/activity" prefetch={false}>
          Activity
        </Link>
      </div>
      <div className="bar filters">
        <Segmented<ReviewsTab>
          label="Whose"
          value={view.tab}
          segments={TABS}
          onChange={(tab) => change({ tab })}
        />
        <Choice
          caption="State"
          value={view.state}
          options={[
            any,
            ...(Object.keys(REVIEW_STATES) as (keyof typeof REVIEW_STATES)[]).map((value) => ({
              value,
              label: REVIEW_STATES[value].label,
            })),
          ]}
          onChange={(state: ReviewsView['state']) => change({ state })}
        />
        <Choice
          caption="Of"
          value={view.subject}
          options={[any, ...options(SUBJECTS)]}
          onChange={(subject: ReviewsView['subject']) => change({ subject })}
        />
      </div>
      <ul className="card review-list" data-testid="reviews">
        {pages.after.map((after, index) => (
          <Chunk
            key={`${formatReviewsView(view)}.${after ?? ''}`}
            {...{ after, view }}
            last={index === pages.after.length - 1}
            onMore={pages.more}
          />
        ))}
      </ul>
    </main>
  )
}
