// What awaits the viewer in the present project.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { UserFailure } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import { inboxKinds } from '../../vocabulary/talk-names.js'
import { inboxChannel } from './inbox.repository.js'
import type { InboxRepository, InboxRow } from './inbox.repository.js'
import type { InboxItem, InboxState, ReadInboxInput } from './inbox.type.js'

const mostIds = 500

export class InboxService {
  readonly #inboxes: InboxRepository
  readonly #notifications: RunNotifications

  constructor(inboxes: InboxRepository, notifications: RunNotifications) {
    this.#inboxes = inboxes
    this.#notifications = notifications
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    unreadOnly: boolean,
  ): Promise<Connection<InboxItem>> {
    const { rows, totalCount } = await this.#inboxes.page(viewer, page, unreadOnly)
    return connectionOf(rows, {
      ...{ ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf: toInboxItem },
    })
  }

  /** Items that the viewer has not read. */
  unread(viewer: Viewer): Promise<number> {
    return this.#inboxes.unread(viewer)
  }

  /** @throws UserFailure BAD_ARGUMENT */
  async read(viewer: Viewer, input: ReadInboxInput): Promise<{ read: number; unread: number }> {
    const { ids, all } = input
    if (!all && !ids) throw badIds('Neither ids nor all was sent.')
    if (ids && ids.length > mostIds) throw badIds(`${ids.length} ids are more than ${mostIds}.`)
    const read = await this.#inboxes.read(viewer, all ? null : (ids ?? []).filter(isUuid))
    return { read, unread: await this.#inboxes.unread(viewer) }
  }

  /** How it is, then whenever that changed. */
  async *follow(viewer: Viewer): AsyncGenerator<InboxState> {
    const wakeups = new Wakeups(this.#notifications, inboxChannel(viewer.userId))
    try {
      for (let seen = ''; ;) {
        const [unread, row] = await Promise.all([
          this.#inboxes.unread(viewer),
          this.#inboxes.newest(viewer),
        ])
        const now = `${unread} ${row?.id}`
        if (now !== seen) yield { unread, newest: row === null ? null : toInboxItem(row) }
        seen = now
        await wakeups.next(false)
      }
    } finally {
      wakeups.stop()
    }
  }
}

const badIds = (message: string): UserFailure =>
  new UserFailure('BAD_ARGUMENT', message, {
    field: 'ids',
    cure: `Send at most ${mostIds} ids, or all: true.`,
  })

function toInboxItem(row: InboxRow): InboxItem {
  const { id, kind, title, path, createdAt, readAt, actorId } = row
  return { id, title, path, createdAt, readAt, actorId, kind: inboxKinds.fromEngine(kind) }
}
