'use client'
// All threads of a page in a sheet at its side, with the way to each place; loaded when it is opened.
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { DialogFrame } from '../../components/dialog-frame'
import { Segmented } from '../../components/segmented'
import type { AnchorInput, TalkAnchorFragment } from '../../graphql/generated/graphql'
import { CommentThread } from './comment-thread'

export interface CommentsPanelProps {
  readonly anchor: AnchorInput
  /** What the page is about: "this run". */
  readonly about: string
  readonly onJump?: (anchor: TalkAnchorFragment) => void
  readonly onClose: () => void
}

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Unresolved' },
] as const

type Filter = (typeof FILTERS)[number]['value']

export function CommentsPanel({ anchor, about, onJump, onClose }: CommentsPanelProps) {
  const [filter, setFilter] = useState<Filter>('all')
  const jump = (place: TalkAnchorFragment) => {
    onClose()
    if (onJump) onJump(place)
    else window.location.assign(place.path)
  }
  return (
    <DialogFrame className="talk-sheet" testId="comments-panel" onClose={onClose}>
      <div className="bar">
        <Dialog.Title>Comments on {about}</Dialog.Title>
        <span className="grow" />
        <Segmented<Filter> label="Show" value={filter} segments={FILTERS} onChange={setFilter} />
        <Dialog.Close className="button small">Close</Dialog.Close>
      </div>
      <CommentThread
        anchor={anchor}
        withParts
        unresolvedOnly={filter === 'open'}
        label={`Comment on ${about}`}
        onJump={jump}
      />
    </DialogFrame>
  )
}
