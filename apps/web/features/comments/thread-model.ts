// The threads of a place as they change: what was read, what others wrote since, what is on its way.
import type { TalkCommentFragment, TalkThreadFragment } from '../../graphql/generated/graphql'

export type CommentFacts = TalkCommentFragment
export type Thread = TalkThreadFragment

/** A comment that this page sent and that is not known to have arrived. */
export interface Unsent {
  readonly clientMutationId: string
  readonly parentId: string | null
  readonly body: string
  readonly state: 'sending' | 'failed'
  readonly reason?: string | undefined
}

const byAge = (a: CommentFacts, b: CommentFacts): number =>
  a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)

/** What is known already wins over what is older. */
const newer = <T extends CommentFacts>(known: T, incoming: T): T =>
  incoming.version < known.version ? known : incoming

function putReply(thread: Thread, reply: CommentFacts): Thread {
  const known = thread.replies.find(({ id }) => id === reply.id)
  const replies = known
    ? thread.replies.map((one) => (one.id === reply.id ? newer(one, reply) : one))
    : [...thread.replies, reply].sort(byAge)
  return { ...thread, replies }
}

function withReplies(comment: CommentFacts | Thread, before: Thread | undefined): Thread {
  const incoming = 'replies' in comment ? comment.replies : []
  const start: Thread = { ...comment, replies: before?.replies ?? [] }
  return incoming.reduce<Thread>(putReply, start)
}

/** Adds a comment or puts its newer state in place. A reply to a thread that is not here changes nothing. */
export function putComment(
  threads: readonly Thread[],
  comment: CommentFacts | Thread,
): readonly Thread[] {
  if (comment.parentId)
    return threads.map((thread) =>
      thread.id === comment.parentId ? putReply(thread, comment) : thread,
    )
  const known = threads.find(({ id }) => id === comment.id)
  if (!known) return [...threads, withReplies(comment, undefined)].sort(byAge)
  return threads.map((thread) =>
    thread.id === comment.id ? newer(thread, withReplies(comment, thread)) : thread,
  )
}

/** Takes a comment away; one that was answered stays as an empty place. */
export function dropComment(threads: readonly Thread[], id: string): readonly Thread[] {
  return threads.flatMap((thread) => {
    if (thread.id !== id)
      return [{ ...thread, replies: thread.replies.filter((reply) => reply.id !== id) }]
    return thread.replies.length > 0 ? [{ ...thread, deleted: true, body: '' }] : []
  })
}

/** A deleted comment is shown only where its thread goes on. */
export const shownThreads = (threads: readonly Thread[]): readonly Thread[] =>
  threads.filter(({ deleted, replies }) => !deleted || replies.some((reply) => !reply.deleted))

export const isResolved = ({ resolvedAt }: CommentFacts): boolean => Boolean(resolvedAt)

export const countUnresolved = (threads: readonly Thread[]): number =>
  shownThreads(threads).filter((thread) => !isResolved(thread)).length

/** The reaction as it will be, before the API has answered. */
export function reactLocally<T extends CommentFacts>(comment: T, emoji: string, on: boolean): T {
  const known = comment.reactions.find((one) => one.emoji === emoji)
  if (!known)
    return on
      ? {
          ...comment,
          reactions: [...comment.reactions, { emoji, count: 1, mine: true, people: [] }],
        }
      : comment
  if (known.mine === on) return comment
  const reactions = comment.reactions
    .map((one) =>
      one.emoji === emoji ? { ...one, mine: on, count: one.count + (on ? 1 : -1) } : one,
    )
    .filter(({ count }) => count > 0)
  return { ...comment, reactions }
}

export function findComment(threads: readonly Thread[], id: string): CommentFacts | null {
  for (const thread of threads) {
    if (thread.id === id) return thread
    const reply = thread.replies.find((one) => one.id === id)
    if (reply) return reply
  }
  return null
}

/** Said by a screen reader when somebody else wrote. */
export function announce(comment: CommentFacts): string {
  const text = comment.body.replace(/\s+/g, ' ').trim()
  const short = text.length > 90 ? `${text.slice(0, 89)}…` : text
  return `${comment.author.name} ${comment.parentId ? 'replied' : 'commented'}: ${short}`
}
