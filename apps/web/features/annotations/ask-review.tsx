'use client'
// Asks for a review of an annotation, or leads to the one that is open. Its form is loaded when it is opened.
import Link from 'next/link'
import { lazy, Suspense, useState } from 'react'
import type { AnnotationPartsFragment } from '../../graphql/generated/graphql'

const RequestDialog = lazy(async () => ({
  default: (await import('../reviews/request-dialog')).RequestDialog,
}))

const STATES_IN_WORDS: Readonly<Record<string, string>> = {
  DRAFT: 'Review (draft)',
  IN_REVIEW: 'In review',
  CHANGES_REQUESTED: 'Changes requested',
  APPROVED: 'Reviewed',
}

export function AskReview({ annotation }: { readonly annotation: AnnotationPartsFragment }) {
  const [asking, setAsking] = useState(false)
  const open = annotation.review
  if (open && open.state !== 'WITHDRAWN')
    return (
      <Link className="link" href={`/reviews/${open.id}`} prefetch={false}>
        {STATES_IN_WORDS[open.state] ?? 'Review'}
      </Link>
    )
  return (
    <>
      <button
        type="button"
        className="link"
        aria-haspopup="dialog"
        data-testid="annotation-ask-review"
        onClick={() => setAsking(true)}
      >
        Request review
      </button>
      {asking && (
        <Suspense>
          <RequestDialog
            subjectKind="ANNOTATION"
            subjectId={annotation.id}
            title={annotation.label}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  )
}
