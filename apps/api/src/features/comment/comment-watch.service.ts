// What happens to the comments of an anchor: told by notifications, read from the rows, so that a lost one loses nothing.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import type { CommentChangeKindKey } from '../../vocabulary/talk-names.js'
import { toComment } from './comment-values.js'
import { commentChannel } from './comment-writer.repository.js'
import type { CommentRepository, CommentScope } from './comment.repository.js'
import type { CommentChange } from './comment.type.js'

type Marks = ReadonlyMap<string, number>

export class CommentWatchService {
  readonly #comments: CommentRepository
  readonly #notifications: RunNotifications

  constructor(comments: CommentRepository, notifications: RunNotifications) {
    this.#comments = comments
    this.#notifications = notifications
  }

  /** A snapshot first, then every change against it. */
  async *follow(scope: CommentScope): AsyncGenerator<CommentChange> {
    const wakeups = new Wakeups(this.#notifications, commentChannel(scope.projectId))
    try {
      let seen = await this.#marks(scope)
      yield { id: null, kind: 'SNAPSHOT', comment: null, count: seen.size }
      for (;;) {
        await wakeups.next(false)
        const now = await this.#marks(scope)
        yield* await this.#changes(scope.projectId, seen, now)
        seen = now
      }
    } finally {
      wakeups.stop()
    }
  }

  async #marks(scope: CommentScope): Promise<Marks> {
    const rows = await this.#comments.marks(scope)
    return new Map(rows.reverse().map(({ id, revision }) => [id, revision]))
  }

  async #changes(projectId: string, before: Marks, now: Marks): Promise<CommentChange[]> {
    const gone = [...before.keys()].filter((id) => !now.has(id))
    const changed = [...now].filter(([id, revision]) => before.get(id) !== revision)
    const ids = changed.map(([id]) => id)
    const rows = ids.length === 0 ? [] : await this.#comments.byIds(projectId, ids)
    const rowOf = new Map(rows.map((row) => [row.id, row]))
    const deleted = gone.map((id): CommentChange => change(id, 'DELETED', now.size))
    return [
      ...deleted,
      ...ids.map((id): CommentChange => {
        const row = rowOf.get(id)
        if (row === undefined) return change(id, 'DELETED', now.size)
        const kind = before.has(id) ? 'CHANGED' : 'ADDED'
        return { ...change(id, kind, now.size), comment: toComment(row) }
      }),
    ]
  }
}

const change = (id: string, kind: CommentChangeKindKey, count: number): CommentChange => ({
  ...{ id, kind, count, comment: null },
})
