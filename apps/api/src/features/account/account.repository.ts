// Rows of users, teams and projects.
import type { Database } from '../../database/index.js'
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
    return {
      userId: user.id,
      userName: user.name,
      projectId: project.id,
      projectName: project.name,
    }
  }

  async userNames(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#database.prisma.user.findMany({ where: { id: { in: [...ids] } } })
    return new Map(rows.map((row) => [row.id, row.name]))
  }

  async recordEvent(viewer: Viewer, action: string, subject: string): Promise<void> {
    const { projectId, userId: actorId } = viewer
    await this.#database.prisma.auditEvent.create({ data: { projectId, actorId, action, subject } })
  }
}
