// The feed of a project: pages of it, and everything new as it happens.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { activityChannel, mostAtOnce } from './activity.repository.js'
import type { ActivityEntry, ActivityRepository, ActivityRow } from './activity.repository.js'
import type { Activity, ActivityFilter } from './activity.type.js'

export interface ActivityServiceParts {
  readonly activities: ActivityRepository
  readonly anchors: AnchorService
  readonly notifications: RunNotifications
}

export class ActivityService {
  readonly #parts: ActivityServiceParts

  constructor(parts: ActivityServiceParts) {
    this.#parts = parts
  }

  /** For what happens outside a transaction of its own; inside one use `recordActivity`. */
  record(viewer: Viewer, entry: ActivityEntry): Promise<void> {
    return this.#parts.activities.record(viewer, entry)
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    { actorId, subjectKind, anchor }: ActivityFilter,
  ): Promise<Connection<Activity>> {
    const options = { ...page, cursorOf: encodeTimeCursor, nodeOf: toActivity }
    if (actorId && !isUuid(actorId)) return connectionOf([], { ...options, totalCount: 0 })
    const checked = anchor ? await this.#parts.anchors.check(viewer, anchor, 'filter.anchor') : null
    const { rows, totalCount } = await this.#parts.activities.page(viewer.projectId, page, {
      actorId: actorId ?? undefined,
      subjectKind: subjectKind ?? undefined,
      anchorKeys: checked?.parts,
    })
    return connectionOf(rows, { ...options, totalCount })
  }

  /** What happens from now on, or after one that was seen; each once, in order. */
  async *follow(viewer: Viewer, since: string | null | undefined): AsyncGenerator<Activity> {
    const { activities, notifications } = this.#parts
    const { projectId } = viewer
    const wakeups = new Wakeups(notifications, activityChannel(projectId))
    try {
      const known = since && isUuid(since) ? await activities.find(projectId, since) : null
      const from = known ?? (await activities.newest(projectId))
      let at = from?.createdAt ?? new Date()
      let seen = new Set<string>()
      const isOld = (row: ActivityRow): boolean =>
        from !== null && encodeOrder(row) <= encodeOrder(from)
      for (const row of await activities.around(projectId, at)) if (isOld(row)) seen.add(row.id)
      for (;;) {
        const rows = await activities.around(projectId, at)
        const fresh = rows.filter(({ id }) => !seen.has(id))
        for (const row of fresh) yield toActivity(row)
        seen = new Set([...seen, ...fresh.map(({ id }) => id)].slice(-2 * mostAtOnce))
        at = rows.at(-1)?.createdAt ?? at
        if (fresh.length === 0 || rows.length < mostAtOnce) await wakeups.next(false)
      }
    } finally {
      wakeups.stop()
    }
  }
}

/** Sorts as the list does. */
const encodeOrder = ({ createdAt, id }: ActivityRow): string => `${createdAt.toISOString()} ${id}`

function toActivity(row: ActivityRow): Activity {
  const { id, verb, subjectKind, title, path, createdAt, actorId } = row
  return { id, verb, subjectKind, title, path, createdAt, actorId }
}
