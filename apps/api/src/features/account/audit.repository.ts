// Rows of the audit log, newest first.
import type { AuditEvent as EventRow, Prisma } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { connectionOf } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import { viaNames } from '../../vocabulary/account-names.js'
import type { AuditEvent, AuditFilter } from './audit.type.js'

export class AuditRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(
    projectId: string,
    page: PageRequest<TimePosition>,
    filter: AuditFilter,
  ): Promise<Connection<AuditEvent>> {
    const where = conditionsOf(projectId, filter)
    const { auditEvent } = this.#database.prisma
    const { rows, totalCount } = await readPage(
      page,
      ({ after, orderBy, take }) =>
        auditEvent.findMany({ where: { AND: [where, after] }, orderBy, take }),
      () => auditEvent.count({ where }),
    )
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf: toEvent })
  }
}

function conditionsOf(
  projectId: string,
  { actorId, action, subject, since }: AuditFilter,
): Prisma.AuditEventWhereInput {
  return {
    projectId,
    ...(actorId ? { actorId: isUuid(actorId) ? actorId : { in: [] } } : {}),
    ...(action ? { action: { startsWith: action } } : {}),
    ...(subject ? { subject } : {}),
    ...(since ? { createdAt: { gte: since } } : {}),
  }
}

function toEvent({ id, actorId, action, subject, via, detail, createdAt }: EventRow): AuditEvent {
  return {
    ...{ id, actorId, action, subject, createdAt },
    via: via === null ? null : viaNames.fromEngine(via),
    detailJson: detail === null ? null : JSON.stringify(detail),
  }
}
