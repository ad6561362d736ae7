'use client'
// The threads of one place in a sheet at the side of the page.
import { Dialog } from 'radix-ui'
import { DialogFrame } from '../../components/dialog-frame'
import type { AnchorInput } from '../../graphql/generated/graphql'
import { CommentThread } from './comment-thread'

interface CommentsSheetProps {
  readonly anchor: AnchorInput
  readonly title: string
  readonly label: string
  readonly onClose: () => void
}

export function CommentsSheet({ anchor, title, label, onClose }: CommentsSheetProps) {
  return (
    <DialogFrame className="talk-sheet" testId="comments-sheet" onClose={onClose}>
      <div className="bar">
        <Dialog.Title>{title}</Dialog.Title>
        <span className="grow" />
        <Dialog.Close className="button small">Close</Dialog.Close>
      </div>
      <CommentThread anchor={anchor} label={label} focused />
    </DialogFrame>
  )
}
