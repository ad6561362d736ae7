'use client'
// One review: evidence left, discussion right, the decision at the bottom; nothing needs a second tab.
import Link from 'next/link'
import { lazy, Suspense, useMemo } from 'react'
import { Problem } from '../../components/problem'
import { Ago, CommentThread, useTalker } from '../comments'
import { reviewAnchor } from '../comments/anchors'
import { MarkdownText, useMarkdownReady } from '../comments/markdown-text'
import { Decision } from './decision'
import { RequesterActions } from './requester-actions'
import { ReviewBadge } from './review-badge'
import { askedInWords, SUBJECTS, type ReviewFacts } from './review-words'
import { Timeline } from './timeline'
import { useReview, type ReviewMoves } from './use-review'

const EditEvidence = lazy(async () => ({
  default: (await import('./evidence/edit-evidence')).EditEvidence,
}))
const EvaluationEvidence = lazy(async () => ({
  default: (await import('./evidence/evaluation-evidence')).EvaluationEvidence,
}))
const AnnotationEvidence = lazy(async () => ({
  default: (await import('./evidence/annotation-evidence')).AnnotationEvidence,
}))

const EVIDENCE = {
  EDIT: EditEvidence,
  EVALUATION: EvaluationEvidence,
  ANNOTATION: AnnotationEvidence,
} as const

function subjectId({ edit, evaluation, annotation }: ReviewFacts): string | null {
  return (edit ?? evaluation ?? annotation)?.id ?? null
}

function Evidence({ review }: { readonly review: ReviewFacts }) {
  const id = subjectId(review)
  if (!id)
    return (
      <Problem
        title={`The ${SUBJECTS[review.subjectKind]} is gone`}
        message="It was deleted after the review was asked for."
      />
    )
  const Shown = EVIDENCE[review.subjectKind]
  return (
    <Suspense fallback={<div className="card skeleton" style={{ height: 640 }} />}>
      <Shown id={id} />
    </Suspense>
  )
}

function Head({ review }: { readonly review: ReviewFacts }) {
  const { title, state, round, requestedBy, createdAt, waitingSince, anchor } = review
  return (
    <header className="review-head">
      <div className="bar">
        <h1>{title}</h1>
        <ReviewBadge state={state} />
        {round > 1 && <span className="muted">round {round}</span>}
      </div>
      <p className="muted">
        Asked of {askedInWords(review)} by {requestedBy.name}, <Ago at={createdAt} />:{' '}
        <Link href={anchor.path} prefetch={false}>
          {anchor.title}
        </Link>
        {waitingSince && (
          <>
            ; waits since <Ago at={waitingSince} />
          </>
        )}
      </p>
    </header>
  )
}

function Stale({ review }: { readonly review: ReviewFacts }) {
  if (!review.stale) return null
  return (
    <p className="notice" role="status" data-testid="review-stale">
      <b>Stale:</b> the {SUBJECTS[review.subjectKind]} changed since the decision, which was about
      something else.
    </p>
  )
}

function Discussion({ id }: { readonly id: string }) {
  const anchor = useMemo(() => reviewAnchor(id), [id])
  return (
    <section className="card talk-card" aria-labelledby="discussion-title">
      <h2 id="discussion-title">Discussion</h2>
      <CommentThread
        anchor={anchor}
        label="Comment on the review"
        empty="Nobody has said anything yet."
      />
    </section>
  )
}

interface LoadedProps {
  readonly review: ReviewFacts
  readonly moves: ReviewMoves
}

function Loaded({ review, moves }: LoadedProps) {
  return (
    <main
      className="page review-page"
      id="main"
      data-testid="review-page"
      data-state={review.state}
      data-version={review.version}
    >
      <Head review={review} />
      <div className="review-notes">
        <Stale review={review} />
        {review.body && (
          <div className="card talk-card">
            <MarkdownText text={review.body} />
          </div>
        )}
        <RequesterActions review={review} moves={moves} />
      </div>
      <div className="review-evidence">
        <Evidence review={review} />
      </div>
      <aside className="review-side" aria-label="Discussion and history">
        <Timeline history={review.history} />
        <Discussion id={review.id} />
      </aside>
      <Decision review={review} moves={moves} />
    </main>
  )
}

export function ReviewPage({ id }: { readonly id: string }) {
  const { review, missing, complaint, reload, moves } = useReview(id)
  // What can be done with it and how its texts look: known before anything is placed.
  const known = useTalker().known
  const settled = useMarkdownReady() && known
  if (missing || complaint)
    return (
      <main className="page" id="main">
        <h1>Review</h1>
        <Problem
          title={missing ? 'There is no such review' : 'The review was not read'}
          message={missing ? 'It was deleted, or the address is wrong.' : complaint?.message}
          cure={complaint?.cure}
        >
          {missing ? (
            <Link className="button small" href="/reviews" prefetch={false}>
              All reviews
            </Link>
          ) : (
            <button type="button" className="button small" onClick={reload}>
              Try again
            </button>
          )}
        </Problem>
      </main>
    )
  if (!review || !settled)
    return (
      <main className="page" id="main" aria-busy>
        <div className="skeleton" style={{ height: 60 }} />
        <div className="card skeleton" style={{ height: 640 }} />
      </main>
    )
  return <Loaded review={review} moves={moves} />
}
