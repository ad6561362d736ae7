'use client'
// One comment: who, when, what, reactions, and what can be done with it.
import { useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog'
import type { Complaint } from '../edits/complaint'
import { Ago } from './ago'
import { Avatar } from './avatar'
import { Composer } from './composer'
import { draftName } from './drafts'
import { commentAddress } from './linked-comment'
import { MarkdownText } from './markdown-text'
import { Reactions } from './reactions'
import type { CommentFacts } from './thread-model'
import type { CommentActions } from './use-comments'
import type { Talker } from './use-talker'

export interface ItemTools {
  readonly place: string
  readonly talker: Talker
  readonly actions: CommentActions
}

interface CommentItemProps extends ItemTools {
  readonly comment: CommentFacts
  readonly children?: React.ReactNode
}

function Head({ comment }: { readonly comment: CommentFacts }) {
  const { author, createdAt, editedAt } = comment
  return (
    <header className="comment-head">
      <b title={`@${author.handle}`}>{author.name}</b>
      <a
        className="muted"
        href={commentAddress(comment.anchor.path, comment.id)}
        title="Link to this comment"
      >
        <Ago at={createdAt} />
      </a>
      {editedAt && (
        <span className="faint" title={new Date(editedAt).toISOString()}>
          edited
        </span>
      )}
    </header>
  )
}

interface OwnProps extends CommentItemProps {
  readonly onEdit: () => void
  readonly onRefused: (complaint: Complaint | null) => void
}

function OwnActions({ comment, talker, actions, onEdit, onRefused }: OwnProps) {
  const [asking, setAsking] = useState(false)
  const own = talker.person?.id === comment.author.id
  if (!talker.may('ANNOTATE') || (!own && !talker.may('ADMINISTER'))) return null
  return (
    <>
      {own && (
        <button type="button" className="link" onClick={onEdit}>
          Edit
        </button>
      )}
      <button type="button" className="link" onClick={() => setAsking(true)}>
        Delete
      </button>
      <ConfirmDialog
        open={asking}
        title="Delete this comment?"
        action="Delete the comment"
        onClose={() => setAsking(false)}
        onConfirm={() => void actions.remove(comment.id).then(onRefused)}
      >
        <p>Its text is gone for everyone. Replies to it stay.</p>
      </ConfirmDialog>
    </>
  )
}

function Editing({
  comment,
  place,
  actions,
  onDone,
  onRefused,
}: CommentItemProps & {
  readonly onDone: () => void
  readonly onRefused: (complaint: Complaint | null) => void
}) {
  const [busy, setBusy] = useState(false)
  const save = async (body: string) => {
    setBusy(true)
    const refused = await actions.edit(comment, body)
    setBusy(false)
    onRefused(refused)
    if (!refused) onDone()
    return refused === null
  }
  return (
    <Composer
      label="Change the comment"
      action="Save"
      draft={draftName(place, 'edit', comment.id)}
      initial={comment.body}
      focused
      busy={busy}
      onSend={save}
      onCancel={onDone}
    />
  )
}

export function CommentItem(props: CommentItemProps) {
  const { comment, talker, actions, children } = props
  const [editing, setEditing] = useState(false)
  const [refused, setRefused] = useState<Complaint | null>(null)
  if (comment.deleted)
    return (
      <div className="comment" data-comment={comment.id}>
        <p className="faint">This comment was deleted.</p>
      </div>
    )
  const react = (emoji: string, on: boolean) =>
    void actions.react(comment.id, emoji, on).then(setRefused)
  return (
    <article className="comment" data-comment={comment.id} data-testid="comment" tabIndex={-1}>
      <Avatar name={comment.author.name} />
      <div className="comment-main">
        <Head comment={comment} />
        {editing ? (
          <Editing {...props} onDone={() => setEditing(false)} onRefused={setRefused} />
        ) : (
          <MarkdownText
            text={comment.body}
            handles={comment.mentions.map(({ handle }) => handle)}
          />
        )}
        <footer className="comment-foot">
          <Reactions
            reactions={comment.reactions}
            mayReact={talker.may('ANNOTATE')}
            onReact={react}
          />
          {children}
          {!editing && (
            <OwnActions {...props} onEdit={() => setEditing(true)} onRefused={setRefused} />
          )}
        </footer>
        {refused && (
          <p className="wrong" role="alert">
            {refused.message} {refused.cure}
          </p>
        )}
      </div>
    </article>
  )
}
