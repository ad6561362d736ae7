// What can be done with comments: everyone of the project reads them, each changes their own.
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { AnchorInput } from '../anchor/anchor.input.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import type { StoredAnchor } from '../anchor/anchor.js'
import { toAnchor } from '../anchor/anchor.type.js'
import { checkText } from '../text-rules.js'
import { checkBody, checkEmoji, mentionedHandles } from './comment-text.js'
import { toComment, toThreads } from './comment-values.js'
import type { Call, CommentWriter } from './comment-writer.repository.js'
import type {
  CommentInput,
  EditCommentInput,
  ReactInput,
  ResolveCommentInput,
} from './comment.input.js'
import type { CommentRepository, CommentRow, CommentScope } from './comment.repository.js'
import type { Comment, CommentMarker } from './comment.type.js'

export interface CommentServiceParts {
  readonly comments: CommentRepository
  readonly writer: CommentWriter
  readonly anchors: AnchorService
  readonly accounts: AccountRepository
}

/** Where a new comment goes. */
interface Place {
  readonly stored: StoredAnchor
  readonly partOf: readonly string[]
  readonly parent: CommentRow | null
}

export class CommentService {
  readonly #parts: CommentServiceParts

  constructor(parts: CommentServiceParts) {
    this.#parts = parts
  }

  /** The anchor's comments, and those of its parts. @throws UserFailure BAD_ANCHOR, ..._NOT_FOUND */
  async scope(viewer: Viewer, input: AnchorInput, withParts: boolean): Promise<CommentScope> {
    const { key, parts } = await this.#parts.anchors.check(viewer, input)
    return { projectId: viewer.projectId, key, parts: withParts ? parts : null }
  }

  /** Threads with their answers, oldest first. */
  async list(viewer: Viewer, input: AnchorInput, withParts: boolean): Promise<Comment[]> {
    const scope = await this.scope(viewer, input, withParts)
    return toThreads(await this.#parts.comments.list(scope))
  }

  /** Threads, newest first, page by page; their answers are looked up when they are asked for. */
  async threads(
    viewer: Viewer,
    input: AnchorInput,
    { withParts, page }: { readonly withParts: boolean; readonly page: PageRequest<TimePosition> },
  ): Promise<Connection<Comment>> {
    const scope = await this.scope(viewer, input, withParts)
    const { rows, totalCount } = await this.#parts.comments.threads(scope, page)
    const nodeOf = (row: CommentRow): Comment => toComment(row)
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async markers(viewer: Viewer, input: AnchorInput): Promise<CommentMarker[]> {
    const scope = await this.scope(viewer, input, true)
    const rows = await this.#parts.comments.markers(scope)
    return rows.map(({ anchor, ...counts }) => ({ anchor: toAnchor(anchor), ...counts }))
  }

  /** Writes and tells whom it mentions and whom it answers. @throws UserFailure */
  async create(viewer: Viewer, input: CommentInput): Promise<Comment> {
    const { anchors, writer, accounts } = this.#parts
    const body = checkBody(input.body)
    const clientMutationId = checkText(input.clientMutationId, 'clientMutationId', 200)
    const { stored, partOf, parent } = await this.#place(viewer, input)
    const mentions = await this.#mentioned(viewer, body)
    const [words] = await anchors.words(viewer, [stored])
    const { title = '', path = '' } = words ?? {}
    const { projectId, userId: authorId } = viewer
    const row = await writer.create(
      viewer,
      {
        ...{ projectId, authorId, body, mentions, clientMutationId, partOf: [...partOf] },
        ...{ anchorKind: stored.kind, anchorKey: stored.key, anchor: { ...stored } },
        parentId: parent?.id ?? null,
      },
      {
        calls: [
          call(mentions, 'MENTION', title, path),
          call(await this.#thread(viewer, parent), 'REPLY', title, path),
        ],
        activity: {
          ...{ verb: parent === null ? 'commented on' : 'replied on', subjectKind: 'comment' },
          ...{ title, path, anchorKeys: [stored.key, ...partOf] },
        },
      },
    )
    if (row === null) throw notFound('comment', 'parentId')
    await accounts.recordEvent(viewer, 'comment.create', row.id)
    return toComment(row)
  }

  async #place(viewer: Viewer, { anchor, parentId }: CommentInput): Promise<Place> {
    if (parentId) {
      const parent = await this.#require(viewer, parentId, 'parentId')
      if (parent.parentId !== null) throw notFirst('parentId')
      const { anchor: stored, partOf } = parent
      return { stored: stored as unknown as StoredAnchor, partOf, parent }
    }
    if (anchor) return { ...(await this.#parts.anchors.check(viewer, anchor)), parent: null }
    throw new UserFailure('BAD_ANCHOR', 'The comment is about nothing.', {
      field: 'anchor',
      cure: 'Send anchor, or parentId to answer a comment.',
    })
  }

  async #mentioned(viewer: Viewer, body: string): Promise<string[]> {
    return this.#parts.comments.membersByHandle(viewer, mentionedHandles(body))
  }

  /** Everyone who wrote in the thread. */
  async #thread({ projectId }: Viewer, parent: CommentRow | null): Promise<string[]> {
    if (parent === null) return []
    const others = await this.#parts.comments.replyAuthors(projectId, parent.id)
    return [parent.authorId, ...others]
  }

  /** @throws CONFLICT when the text was changed since it was seen */
  async edit(viewer: Viewer, { id, version, body }: EditCommentInput): Promise<Comment> {
    const { writer, anchors, accounts } = this.#parts
    const row = await this.#own(viewer, id, 'id')
    const text = checkBody(body)
    const mentions = await this.#mentioned(viewer, text)
    const fresh = mentions.filter((userId) => !row.mentions.includes(userId))
    const [words] = await anchors.words(viewer, [row.anchor as unknown as StoredAnchor])
    const calls = [call(fresh, 'MENTION', words?.title ?? '', words?.path ?? '')]
    const changed = await writer.edit(
      viewer,
      { id: row.id, version },
      { body: text, mentions },
      calls,
    )
    if (changed === null) throw await this.#conflict(viewer, row.id)
    await accounts.recordEvent(viewer, 'comment.edit', row.id)
    return toComment(changed)
  }

  async #conflict(viewer: Viewer, id: string): Promise<UserFailure> {
    const now = await this.#require(viewer, id, 'id')
    if (now.deletedAt !== null) return notFound('comment', 'id')
    const message = `Somebody changed this comment meanwhile: it is at version ${now.version}.`
    const cure = 'Reload it, look at it, and edit it again.'
    return new UserFailure('CONFLICT', message, { field: 'version', cure })
  }

  /** @returns the comment as it was, with what is left of it */
  async remove(viewer: Viewer, id: string): Promise<Comment> {
    const { writer, accounts, comments } = this.#parts
    const row = await this.#own(viewer, id, 'id')
    await writer.remove(viewer, row)
    await accounts.recordEvent(viewer, 'comment.delete', row.id)
    const left = await comments.find(viewer.projectId, row.id)
    return toComment(left ?? { ...row, body: '', mentions: [], deletedAt: new Date() })
  }

  async resolve(viewer: Viewer, { id, resolved }: ResolveCommentInput): Promise<Comment> {
    const { writer, accounts } = this.#parts
    const row = await this.#require(viewer, id, 'id')
    if (row.parentId !== null) throw notFirst('id')
    await writer.resolve(viewer, row.id, resolved)
    await accounts.recordEvent(viewer, resolved ? 'comment.resolve' : 'comment.unresolve', row.id)
    return toComment(await this.#require(viewer, id, 'id'))
  }

  async react(viewer: Viewer, { commentId, emoji, on }: ReactInput): Promise<Comment> {
    const { writer, accounts } = this.#parts
    const known = checkEmoji(emoji)
    const row = await this.#require(viewer, commentId, 'commentId')
    if (row.deletedAt !== null) throw notFound('comment', 'commentId')
    await writer.react(viewer, row.id, known, on)
    await accounts.recordEvent(viewer, on ? 'comment.react' : 'comment.unreact', row.id)
    return toComment(await this.#require(viewer, commentId, 'commentId'))
  }

  async #require(viewer: Viewer, id: string, field: string): Promise<CommentRow> {
    const row = isUuid(id) ? await this.#parts.comments.find(viewer.projectId, id) : null
    if (row === null) throw notFound('comment', field)
    return row
  }

  /** One's own, or any of an admin; deleted ones are gone. */
  async #own(viewer: Viewer, id: string, field: string): Promise<CommentRow> {
    const row = await this.#require(viewer, id, field)
    if (row.deletedAt !== null) throw notFound('comment', field)
    if (row.authorId === viewer.userId || viewer.role === 'admin') return row
    throw new UserFailure('FORBIDDEN', 'This comment is somebody else’s.', {
      field,
      cure: 'Ask its author, or an admin of the team.',
    })
  }
}

const call = (
  userIds: readonly string[],
  kind: Call['notice']['kind'],
  title: string,
  path: string,
): Call => ({ userIds, notice: { kind, title, path } })

const notFirst = (field: string): UserFailure =>
  new UserFailure('COMMENT_IS_REPLY', 'This comment is an answer within a thread.', {
    field,
    cure: 'Use the id of the thread’s first comment.',
  })
