'use client'
// Asks for a review of an annotation, or leads to the one that is open.
import Link from 'next/link'
import { useState } from 'react'
import { useMutation } from 'urql'
import {
  RequestAnnotationReviewDocument,
  type AnnotationPartsFragment,
} from '../../graphql/generated/graphql'
import { complaintOf } from '../edits/complaint'

interface AskReviewProps {
  readonly annotation: AnnotationPartsFragment
  readonly onAsked: () => void
}

const STATES_IN_WORDS: Readonly<Record<string, string>> = {
  DRAFT: 'Review (draft)',
  IN_REVIEW: 'In review',
  CHANGES_REQUESTED: 'Changes requested',
  APPROVED: 'Reviewed',
}

export function AskReview({ annotation, onAsked }: AskReviewProps) {
  const [{ fetching }, ask] = useMutation(RequestAnnotationReviewDocument)
  const [refused, setRefused] = useState<string | null>(null)
  const open = annotation.review
  if (open && open.state !== 'WITHDRAWN')
    return (
      <Link className="link" href={`/reviews/${open.id}`} prefetch={false}>
        {STATES_IN_WORDS[open.state] ?? 'Review'}
      </Link>
    )
  const request = async () => {
    const input = {
      subjectKind: 'ANNOTATION',
      subjectId: annotation.id,
      title: annotation.label,
      reviewerRoles: ['RESEARCHER', 'ADMIN'],
    } as const
    const { error, data } = await ask({
      input: { ...input, reviewerRoles: [...input.reviewerRoles] },
    })
    const complaint = complaintOf(error, data?.requestReview.errors)
    setRefused(complaint?.message ?? null)
    if (!complaint) onAsked()
  }
  return (
    <>
      <button
        type="button"
        className="link"
        disabled={fetching}
        data-testid="annotation-ask-review"
        onClick={() => void request()}
      >
        Request review
      </button>
      {refused && (
        <span className="field-problem" role="alert">
          {refused}
        </span>
      )}
    </>
  )
}
