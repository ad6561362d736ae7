'use client'
// The button that asks for a review. Its form is loaded when it is opened.
import { lazy, Suspense, useState } from 'react'
import type { ReviewSubject } from '../../graphql/generated/graphql'
import { useTalker } from '../comments'

const RequestDialog = lazy(async () => ({
  default: (await import('./request-dialog')).RequestDialog,
}))

export interface RequestReviewProps {
  readonly subjectKind: ReviewSubject
  readonly subjectId: string
  /** What the title says at first. */
  readonly title: string
}

export function RequestReview(props: RequestReviewProps) {
  const talker = useTalker()
  const [open, setOpen] = useState(false)
  const may = talker.may(props.subjectKind === 'ANNOTATION' ? 'ANNOTATE' : 'COMPUTE')
  return (
    <>
      <button
        type="button"
        className="button small"
        disabled={!may}
        title={may || !talker.known ? undefined : 'Asking for a review needs the role researcher.'}
        data-testid="request-review"
        onClick={() => setOpen(true)}
      >
        Request review
      </button>
      {open && (
        <Suspense>
          <RequestDialog {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
