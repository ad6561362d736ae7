// Rows of users, teams and projects.
import type { Prisma } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import type { Person } from './person.type.js'
import type { Viewer } from './viewer.js'

const local = { user: 'local', team: 'local', project: 'default' } as const

export class AccountRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The local user in the default project; made on first use, by however many processes at once. */
  async ensureLocalViewer(): Promise<Viewer> {
    const { prisma } = this.#database
    const user = await prisma.user.upsert({
      where: { handle: local.user },
      update: {},
      create: { handle: local.user, name: 'You' },
    })
    const team = await prisma.team.upsert({
      where: { slug: local.team },
      update: {},
      create: { slug: local.team, name: 'Local' },
    })
    const project = await prisma.project.upsert({
      where: { teamId_slug: { teamId: team.id, slug: local.project } },
      update: {},
      create: { teamId: team.id, slug: local.project, name: 'Demo' },
    })
    await prisma.membership.upsert({
      where: { teamId_userId: { teamId: team.id, userId: user.id } },
      update: {},
      create: { teamId: team.id, userId: user.id, role: 'ADMIN' },
    })
    return {
      ...{ userId: user.id, userName: user.name, teamId: team.id },
      ...{ projectId: project.id, projectName: project.name },
      ...{ role: 'admin', via: 'single-user', scopes: null, credentialId: null },
    }
  }

  async userNames(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#database.prisma.user.findMany({ where: { id: { in: [...ids] } } })
    return new Map(rows.map((row) => [row.id, row.name]))
  }

  async people(ids: readonly string[]): Promise<Map<string, Person>> {
    const rows = await this.#database.prisma.user.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, handle: true, name: true, image: true },
    })
    return new Map(rows.map((row) => [row.id, row]))
  }

  /** @param subject id of what was written; @param detail what was changed, without secrets */
  async recordEvent(
    viewer: Viewer,
    action: string,
    subject: string,
    detail?: Prisma.InputJsonObject,
  ): Promise<void> {
    const { projectId, userId: actorId, via } = viewer
    await this.#database.prisma.auditEvent.create({
      data: { projectId, actorId, action, subject, via, ...(detail && { detail }) },
    })
  }
}
