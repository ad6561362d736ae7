// Rows of users, teams and projects.
import type { Prisma } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import type { Person } from './person.type.js'
import { local } from './local-account.js'
import type { Viewer } from './viewer.js'

export class AccountRepository {
  readonly #database: Database
  #local: Viewer | null = null

  constructor(database: Database) {
    this.#database = database
  }

  /** The owner in the default project, whom the rows of a fresh server await; made on first use, by however many processes at once. */
  async ensureLocalViewer(): Promise<Viewer> {
    this.#local ??= await this.#ensureLocal()
    return this.#local
  }

  /** To be called when the owner's name or project changed. */
  forgetLocalViewer(): void {
    this.#local = null
  }

  async #ensureLocal(): Promise<Viewer> {
    const { prisma } = this.#database
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
    const user = (await this.#firstAdmin(team.id)) ?? (await this.#makeLocalUser(team.id))
    return {
      ...{ userId: user.id, userName: user.name, teamId: team.id },
      ...{ projectId: project.id, projectName: project.name },
      ...{ role: 'admin', via: 'single-user', isMember: true, scopes: null, credentialId: null },
    }
  }

  async #firstAdmin(teamId: string) {
    const membership = await this.#database.prisma.membership.findFirst({
      where: { teamId, role: 'ADMIN' },
      orderBy: { createdAt: 'asc' },
      include: { user: true },
    })
    return membership?.user ?? null
  }

  async #makeLocalUser(teamId: string) {
    const { prisma } = this.#database
    const user = await prisma.user.upsert({
      where: { handle: local.user },
      update: {},
      create: { handle: local.user, name: 'You' },
    })
    await prisma.membership.upsert({
      where: { teamId_userId: { teamId, userId: user.id } },
      update: {},
      create: { teamId, userId: user.id, role: 'ADMIN' },
    })
    return user
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

  /** Whether the viewer is in the audit log with this subject. */
  async hasEvent({ projectId, userId: actorId }: Viewer, subject: string): Promise<boolean> {
    const where = { projectId, actorId, subject }
    return (await this.#database.prisma.auditEvent.findFirst({ where })) !== null
  }

  /** @param subject id of what was written; @param detail what was changed, without secrets */
  async recordEvent(
    viewer: Viewer,
    action: string,
    subject: string,
    detail?: Prisma.InputJsonObject,
  ): Promise<void> {
    const { projectId, userId: actorId, via } = viewer
    if (viewer.writes) viewer.writes.recorded += 1
    await this.#database.prisma.auditEvent.create({
      data: { projectId, actorId, action, subject, via, ...(detail && { detail }) },
    })
  }
}
