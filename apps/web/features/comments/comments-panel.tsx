'use client'
// All threads of a page in a sheet at its side, with the way to each place.
import { Dialog } from 'radix-ui'
import { useEffect, useState } from 'react'
import { Segmented } from '../../components/segmented'
import type { AnchorInput, TalkAnchorFragment } from '../../graphql/generated/graphql'
import { CommentThread } from './comment-thread'
import { CountSign } from './count-sign'
import { useLinkedComment } from './linked-comment'
import type { Counted } from './use-markers'

interface CommentsButtonProps {
  readonly anchor: AnchorInput
  readonly counted: Counted
  /** What the page is about: "this run". */
  readonly about: string
  readonly onJump?: (anchor: TalkAnchorFragment) => void
  /** Whether a comment that the address names is shown here: not where its place shows it already. */
  readonly showsLinked?: boolean
}

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Unresolved' },
] as const

type Filter = (typeof FILTERS)[number]['value']

function Panel({
  anchor,
  about,
  onJump,
  onClose,
}: Omit<CommentsButtonProps, 'counted'> & {
  readonly onClose: () => void
}) {
  const [filter, setFilter] = useState<Filter>('all')
  const jump = (place: TalkAnchorFragment) => {
    onClose()
    if (onJump) onJump(place)
    else window.location.assign(place.path)
  }
  return (
    <>
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
    </>
  )
}

export function CommentsButton(props: CommentsButtonProps) {
  const { counted, about } = props
  const [open, setOpen] = useState(false)
  const linked = useLinkedComment()
  const shows = linked !== null && props.showsLinked === true
  useEffect(() => {
    if (shows) setOpen(true)
  }, [shows])
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        className="button small comments-button"
        data-testid="comments-button"
        title={`Comments on ${about}`}
      >
        Comments <CountSign {...counted} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className="talk-sheet"
          aria-describedby={undefined}
          data-testid="comments-panel"
        >
          {open && <Panel {...props} onClose={() => setOpen(false)} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
