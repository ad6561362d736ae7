// Rows of API keys and share links.
import type { ApiKey as KeyRow, ShareLink } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import type { PageRequest, TimePosition } from '../../pagination/connection.js'
import { readPage } from '../../pagination/read-page.js'
import type { PageOfRows } from '../../pagination/read-page.js'

export type { KeyRow }

export interface NewKey {
  readonly userId: string
  readonly projectId: string
  readonly publicId: string
  readonly hash: string
  readonly name: string
  readonly scopes: string[]
  readonly expiresAt: Date | null
}

export interface NewLink {
  readonly projectId: string
  readonly createdById: string
  readonly tokenHash: string
  readonly path: string
  readonly title: string
  readonly expiresAt: Date | null
}

/** Of a project; of one maker only, when named. */
export interface LinkOwner {
  readonly projectId: string
  readonly createdById?: string
}

const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]
const mostKeys = 200

export class CredentialRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  keysOf(userId: string): Promise<KeyRow[]> {
    return this.#database.prisma.apiKey.findMany({
      where: { userId },
      orderBy: newestFirst,
      take: mostKeys,
    })
  }

  /** Keys that still open something. */
  openKeys(userId: string): Promise<number> {
    return this.#database.prisma.apiKey.count({ where: { userId, revokedAt: null } })
  }

  createKey(data: NewKey): Promise<KeyRow> {
    return this.#database.prisma.apiKey.create({ data })
  }

  async revokeKey(userId: string, id: string): Promise<KeyRow | null> {
    const { prisma } = this.#database
    const where = { id, userId }
    await prisma.apiKey.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    return prisma.apiKey.findFirst({ where })
  }

  links(owner: LinkOwner, page: PageRequest<TimePosition>): Promise<PageOfRows<ShareLink>> {
    const { shareLink } = this.#database.prisma
    return readPage(
      page,
      ({ after, orderBy, take }) =>
        shareLink.findMany({ where: { ...owner, ...after }, orderBy, take }),
      () => shareLink.count({ where: owner }),
    )
  }

  link(id: string): Promise<ShareLink | null> {
    return this.#database.prisma.shareLink.findUnique({ where: { id } })
  }

  createLink(data: NewLink): Promise<ShareLink> {
    return this.#database.prisma.shareLink.create({ data })
  }

  async revokeLink(owner: LinkOwner, id: string): Promise<ShareLink | null> {
    const { shareLink } = this.#database.prisma
    const where = { ...owner, id }
    await shareLink.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    return shareLink.findFirst({ where })
  }
}
