'use client'
// The threads of a place, oldest first, and the field for a new one.
import { useEffect, useRef } from 'react'
import { Problem } from '../../components/problem'
import type { AnchorInput, TalkAnchorFragment } from '../../graphql/generated/graphql'
import { Composer } from './composer'
import { draftName } from './drafts'
import { useLinkedComment } from './linked-comment'
import { useMarkdownReady } from './markdown-text'
import { ThreadCard } from './thread-card'
import { findComment, isResolved, shownThreads, type Thread } from './thread-model'
import { UnsentItem } from './unsent-item'
import { useComments } from './use-comments'
import { useTalker, type Talker } from './use-talker'

export interface CommentThreadProps {
  readonly anchor: AnchorInput
  /** With the threads of its cells, cases and charts; each then says where it stands. */
  readonly withParts?: boolean
  readonly unresolvedOnly?: boolean
  /** Of the field for a new thread. */
  readonly label?: string
  readonly focused?: boolean
  /** Goes to the place of a thread; without it the address is opened. */
  readonly onJump?: ((anchor: TalkAnchorFragment) => void) | undefined
  readonly onCount?: ((threads: readonly Thread[]) => void) | undefined
  /** What is said where nobody wrote yet. */
  readonly empty?: string
}

const openAddress = (anchor: TalkAnchorFragment) => window.location.assign(anchor.path)

/** Shows the comment that the address names, once it is there. */
function useScrollTo(
  holder: React.RefObject<HTMLElement | null>,
  linked: string | null,
  ready: boolean,
): void {
  useEffect(() => {
    if (!linked || !ready) return
    const element = holder.current?.querySelector<HTMLElement>(
      `[data-comment="${CSS.escape(linked)}"]`,
    )
    if (!element) return
    element.setAttribute('data-linked', '')
    element.scrollIntoView({ block: 'center' })
    element.focus({ preventScroll: true })
    return () => element.removeAttribute('data-linked')
  }, [holder, linked, ready])
}

function Skeleton() {
  return (
    <div className="thread-skeleton" aria-busy aria-label="Reading the comments">
      <div className="skeleton line" />
      <div className="skeleton line" />
    </div>
  )
}

interface ShownProps extends Pick<CommentThreadProps, 'unresolvedOnly' | 'empty' | 'onJump'> {
  readonly conversation: ReturnType<typeof useComments>
  readonly threads: readonly Thread[]
  readonly talker: Talker
  readonly linked: string | null
}

function Shown({ conversation, threads, talker, linked, ...props }: ShownProps) {
  const { place, actions, sending } = conversation
  const all = shownThreads(threads)
  const shown = props.unresolvedOnly ? all.filter((thread) => !isResolved(thread)) : all
  if (shown.length === 0)
    return (
      <p className="faint thread-none">
        {all.length > 0
          ? 'Everything is resolved.'
          : (props.empty ?? 'Nobody has said anything here.')}
      </p>
    )
  return (
    <ol className="thread-list" aria-label="Threads">
      {shown.map((thread) => (
        <ThreadCard
          key={thread.id}
          {...{ thread, place, talker, actions, sending }}
          onJump={props.onJump ?? null}
          linked={linked !== null && findComment([thread], linked) !== null}
        />
      ))}
    </ol>
  )
}

type NewThreadProps = Pick<CommentThreadProps, 'label' | 'focused'> &
  Pick<ShownProps, 'conversation' | 'talker'>

function NewThread({ conversation: { place, sending }, talker, label, focused }: NewThreadProps) {
  if (!talker.known) return <div className="composer-place" />
  if (!talker.may('ANNOTATE'))
    return <p className="faint">You can read here; writing needs the role annotator.</p>
  return (
    <>
      {sending.unsent
        .filter(({ parentId }) => parentId === null)
        .map((one) => (
          <UnsentItem key={one.clientMutationId} unsent={one} talker={talker} sending={sending} />
        ))}
      <Composer
        label={label ?? 'Comment'}
        action="Comment"
        draft={draftName(place, 'new')}
        focused={focused ?? false}
        onSend={(text) => {
          sending.send(text, null)
          return true
        }}
      />
    </>
  )
}

export function Conversation(props: CommentThreadProps) {
  const { anchor, withParts = false, onCount } = props
  const talker = useTalker()
  const conversation = useComments(anchor, withParts, talker.person?.id ?? null)
  const { threads, complaint, reload, said } = conversation
  const ready = useMarkdownReady() && threads !== null
  const linked = useLinkedComment()
  const holder = useRef<HTMLDivElement>(null)
  useScrollTo(holder, linked, ready)
  useEffect(() => {
    if (threads) onCount?.(threads)
  }, [threads, onCount])
  const shown = { conversation, talker, linked, ...props }
  return (
    <div className="threads" ref={holder} data-testid="comment-thread">
      <p className="hidden-text" aria-live="polite" data-testid="comment-news">
        {said}
      </p>
      {complaint && (
        <Problem title="The comments were not read" {...complaint}>
          <button type="button" className="button small" onClick={reload}>
            Try again
          </button>
        </Problem>
      )}
      {!ready && !complaint && <Skeleton />}
      {ready && (
        <Shown
          {...shown}
          threads={threads}
          onJump={withParts ? (props.onJump ?? openAddress) : undefined}
        />
      )}
      {(ready || complaint) && <NewThread {...shown} />}
    </div>
  )
}
