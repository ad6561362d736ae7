// Rows of users, teams and projects.
import { createHash } from 'node:crypto'
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

  /** A request that was answered with what an earlier one of its name wrote: that one is in the log. */
  leaveToFirst({ writes }: Viewer): void {
    if (writes) writes.recorded += 1
  }

  /**
   * Requests of one name make one entry, however many are under way at once.
   * @param subject id of what was written; @param detail what was changed, without secrets
   */
  async recordEvent(
    viewer: Viewer,
    action: string,
    subject: string,
    detail?: Prisma.InputJsonObject,
  ): Promise<void> {
    const { projectId, userId: actorId, via } = viewer
    const request = viewer.writes?.request ?? null
    if (viewer.writes) viewer.writes.recorded += 1
    const id = request === null ? {} : { id: idOf([projectId, actorId, action, subject, request]) }
    await this.#database.prisma.auditEvent.createMany({
      data: [{ ...id, projectId, actorId, action, subject, via, ...(detail && { detail }) }],
      skipDuplicates: true,
    })
  }
}

/** A UUID (version 8) that is the same for the same words. */
function idOf(words: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex')
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-')
}
