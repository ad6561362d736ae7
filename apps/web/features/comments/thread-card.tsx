'use client'
// One thread: a comment, its replies, and its end; a resolved one is folded.
import { useState } from 'react'
import type { TalkAnchorFragment } from '../../graphql/generated/graphql'
import { CommentItem, type ItemTools } from './comment-item'
import { Composer } from './composer'
import { draftName, readDraft } from './drafts'
import { isResolved, type Thread, type Unsent } from './thread-model'
import { UnsentItem } from './unsent-item'
import type { Sending } from './use-comments'

interface ThreadCardProps extends ItemTools {
  readonly thread: Thread
  readonly sending: Sending
  /** Whether the address names a comment of it. */
  readonly linked: boolean
  /** Names the place of the thread; null where the page shows one place only. */
  readonly onJump: ((anchor: TalkAnchorFragment) => void) | null
}

function ReplyForm({ thread, place, sending }: ThreadCardProps) {
  const draft = draftName(place, 'reply', thread.id)
  const [open, setOpen] = useState(() => readDraft(draft) !== '')
  if (!open)
    return (
      <button type="button" className="link reply-button" onClick={() => setOpen(true)}>
        Reply
      </button>
    )
  return (
    <Composer
      label="Reply"
      action="Reply"
      draft={draft}
      focused
      onSend={(text) => {
        sending.send(text, thread.id)
        setOpen(false)
        return true
      }}
      onCancel={() => setOpen(false)}
      testId="reply-form"
    />
  )
}

function Place({ thread, onJump }: Pick<ThreadCardProps, 'thread' | 'onJump'>) {
  if (!onJump) return null
  const { anchor } = thread
  return (
    <a
      className="thread-place"
      href={anchor.path}
      data-testid="thread-place"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        onJump(anchor)
      }}
    >
      {anchor.title}
    </a>
  )
}

function ResolveButton({ thread, talker, actions }: ThreadCardProps) {
  const [busy, setBusy] = useState(false)
  if (!talker.may('ANNOTATE')) return null
  const resolved = isResolved(thread)
  const toggle = async () => {
    setBusy(true)
    await actions.resolve(thread.id, !resolved)
    setBusy(false)
  }
  return (
    <button
      type="button"
      className="link"
      disabled={busy}
      data-testid="resolve-thread"
      onClick={() => void toggle()}
    >
      {resolved ? 'Reopen' : 'Resolve'}
    </button>
  )
}

const repliesInWords = (count: number): string =>
  count === 0 ? 'no reply' : `${count} ${count === 1 ? 'reply' : 'replies'}`

function Folded({ thread, onOpen }: { readonly thread: Thread; readonly onOpen: () => void }) {
  const { author, resolvedBy, replies } = thread
  return (
    <button type="button" className="thread-folded" onClick={onOpen} aria-expanded={false}>
      <span aria-hidden>✓</span> Resolved{resolvedBy ? ` by ${resolvedBy.name}` : ''}: {author.name}
      , {repliesInWords(replies.length)}
    </button>
  )
}

const ofThread = (unsent: readonly Unsent[], id: string): readonly Unsent[] =>
  unsent.filter(({ parentId }) => parentId === id)

export function ThreadCard(props: ThreadCardProps) {
  const { thread, sending, talker, linked, onJump, place, actions } = props
  const resolved = isResolved(thread)
  const [opened, setOpened] = useState(false)
  const tools = { place, talker, actions }
  const shown = thread.replies.filter((reply) => !reply.deleted)
  return (
    <li
      className="thread"
      data-testid="thread"
      data-resolved={resolved || undefined}
      data-thread={thread.id}
    >
      <Place thread={thread} onJump={onJump} />
      {resolved && !opened && !linked ? (
        <Folded thread={thread} onOpen={() => setOpened(true)} />
      ) : (
        <>
          <CommentItem comment={thread} {...tools}>
            <ResolveButton {...props} />
          </CommentItem>
          {shown.length > 0 && (
            <ol className="replies" aria-label="Replies">
              {shown.map((reply) => (
                <li key={reply.id}>
                  <CommentItem comment={reply} {...tools} />
                </li>
              ))}
            </ol>
          )}
          {ofThread(sending.unsent, thread.id).map((one) => (
            <UnsentItem key={one.clientMutationId} unsent={one} talker={talker} sending={sending} />
          ))}
          {talker.may('ANNOTATE') && <ReplyForm {...props} />}
          {resolved && (
            <button type="button" className="link" onClick={() => setOpened(false)}>
              Fold
            </button>
          )}
        </>
      )}
    </li>
  )
}
