// Rows of comments -> what GraphQL shows.
import type { GraphQLError } from 'graphql'
import { badInput } from '../../errors/input-error.js'
import type { StoredAnchor } from '../anchor/anchor.js'
import { toAnchor } from '../anchor/anchor.type.js'
import type { CommentRow, ReactionRow } from './comment.repository.js'
import type { Comment, Reaction } from './comment.type.js'

/** @param replies null: they are looked up when they are asked for */
export function toComment(row: CommentRow, replies: Comment[] | null = null): Comment {
  const { id, parentId, body, resolvedAt, resolvedById, editedAt, createdAt, version } = row
  return {
    ...{ id, parentId, body, resolvedAt, resolvedById, editedAt, createdAt, version },
    anchor: toAnchor(row.anchor as unknown as StoredAnchor),
    deleted: row.deletedAt !== null,
    authorId: row.authorId,
    mentionIds: row.mentions,
    replyList: replies,
  }
}

/** First comments in their order, each with its answers; answers whose first comment is not among the rows are left out. */
export function toThreads(rows: readonly CommentRow[]): Comment[] {
  const replies = new Map<string, Comment[]>()
  for (const row of rows.filter(({ parentId }) => parentId !== null)) {
    const parentId = row.parentId as string
    replies.set(parentId, [...(replies.get(parentId) ?? []), toComment(row, [])])
  }
  return rows
    .filter(({ parentId }) => parentId === null)
    .map((row) => toComment(row, replies.get(row.id) ?? []))
}

/** As of a cursor that a list did not make. */
export const noSuchReply = (): GraphQLError =>
  badInput(
    'This comment has no such answer. Pass the `id` of the last answer that you read; where that one was deleted, the id of one before it.',
    'after',
  )

const namesShown = 20

/** In the order in which each emoji came first. */
export function toReactions(rows: readonly ReactionRow[], viewerId: string): Reaction[] {
  const byEmoji = new Map<string, ReactionRow[]>()
  for (const row of rows) byEmoji.set(row.emoji, [...(byEmoji.get(row.emoji) ?? []), row])
  return [...byEmoji].map(([emoji, chosen]) => ({
    emoji,
    count: chosen.length,
    mine: chosen.some(({ userId }) => userId === viewerId),
    people: chosen.slice(0, namesShown).map(({ name }) => name),
  }))
}
