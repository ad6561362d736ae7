'use client'
// How many comments a page has; opens them at its side.
import { lazy, Suspense, useEffect, useState } from 'react'
import type { CommentsPanelProps } from './comments-panel'
import { CountSign } from './count-sign'
import { useLinkedComment } from './linked-comment'
import type { Counted } from './use-markers'

interface CommentsButtonProps extends Omit<CommentsPanelProps, 'onClose'> {
  readonly counted: Counted
  /** Whether a comment that the address names is shown here: not where its place shows it already. */
  readonly showsLinked?: boolean
}

const loadPanel = () => import('./comments-panel')
const CommentsPanel = lazy(async () => ({ default: (await loadPanel()).CommentsPanel }))

export function CommentsButton({ counted, showsLinked, ...panel }: CommentsButtonProps) {
  const [open, setOpen] = useState(false)
  const linked = useLinkedComment()
  const shows = linked !== null && showsLinked === true
  useEffect(() => {
    if (shows) setOpen(true)
  }, [shows])
  return (
    <>
      <button
        type="button"
        className="button small comments-button"
        data-testid="comments-button"
        aria-haspopup="dialog"
        title={`Comments on ${panel.about}`}
        onMouseEnter={() => void loadPanel()}
        onClick={() => setOpen(true)}
      >
        Comments <CountSign {...counted} />
      </button>
      {open && (
        <Suspense>
          <CommentsPanel {...panel} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
