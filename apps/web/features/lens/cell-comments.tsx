'use client'
// The threads of the selected cell, folded where there are none; "c" begins one.
import { useEffect, useState } from 'react'
import { useDebouncedValue } from '../../components/use-debounced-value'
import type { AnchorInput } from '../../graphql/generated/graphql'
import { CommentThread } from '../comments'
import { cellAnchor, placeName } from '../comments/anchors'
import { CountSign } from '../comments/count-sign'
import { useLinkedComment } from '../comments/linked-comment'
import type { Counted } from '../comments/use-markers'
import { isFreeText } from './use-lens-keys'

const SETTLE_MS = 200
/** Below it the column of the cell stands above the figures: nothing there unfolds by itself. */
const WIDE = '(min-width: 1081px)'

interface CellCommentsProps {
  readonly place: Parameters<typeof cellAnchor>
  readonly counted: Counted
  /** Whether the address named this cell when the page was opened. */
  readonly named: boolean
}

function useCommentKey(onComment: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey) return
      if (isFreeText(event.target) || document.querySelector('[role="dialog"]')) return
      event.preventDefault()
      onComment()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onComment])
}

/** What the reader chose for this cell; a thread opens by itself in a wide window. */
function useOpen(name: string, counted: Counted, linked: boolean) {
  const [choice, setChoice] = useState<{ name: string; open: boolean; typing: boolean } | null>(
    null,
  )
  const chosen = choice?.name === name ? choice : null
  const [wide, setWide] = useState(false)
  useEffect(() => setWide(window.matchMedia(WIDE).matches), [])
  return {
    open: chosen?.open ?? (linked || (wide && counted.threads > 0)),
    typing: chosen?.typing ?? false,
    choose: (open: boolean, typing: boolean) => setChoice({ name, open, typing }),
  }
}

export function CellComments({ place, counted, named }: CellCommentsProps) {
  const name = placeName(cellAnchor(...place))
  const settled = useDebouncedValue(JSON.stringify(cellAnchor(...place)), SETTLE_MS)
  const linked = useLinkedComment()
  const { open, typing, choose } = useOpen(name, counted, linked !== null && named)
  useCommentKey(() => choose(true, true))
  const anchor = JSON.parse(settled) as AnchorInput
  return (
    <section className="card talk-card cell-comments" aria-label="Comments on this cell">
      <header>
        <h2>Comments on this cell</h2>
        <CountSign {...counted} />
        <button
          type="button"
          className="link"
          aria-expanded={open}
          title="Key: c"
          data-testid="cell-comments"
          onClick={() => choose(!open, true)}
        >
          {open ? 'Fold' : counted.threads > 0 ? 'Show' : 'Comment'}
        </button>
      </header>
      {open && (
        <CommentThread
          key={settled}
          anchor={anchor}
          label="Comment on this cell"
          focused={typing}
          empty="Nobody has said anything about this cell."
        />
      )}
    </section>
  )
}
