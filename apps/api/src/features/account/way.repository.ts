// Rows of a person's ways to sign in: the password, and who they are at providers.
import type { Credential } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import type { AccountSettings, SignInProvider } from '../../security/account-settings.js'
import type { WayToSignIn } from './me.type.js'

export type UnlinkResult =
  { readonly provider: string } | { readonly refused: 'unknown' | 'last-way' }

type Row = Pick<Credential, 'id' | 'providerId' | 'accountId' | 'password' | 'createdAt'>

const password = 'credential'
const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]
/** As many as a person will ever link. */
const most = 100

export class WayRepository {
  readonly #database: Database
  readonly #settings: AccountSettings

  constructor(database: Database, settings: AccountSettings) {
    this.#database = database
    this.#settings = settings
  }

  async of(userId: string): Promise<WayToSignIn[]> {
    const rows = await this.#database.prisma.credential.findMany({
      ...{ where: { userId }, orderBy: oldestFirst, take: most },
    })
    return rows.map((row) => this.#toWay(row))
  }

  /**
   * Never leaves a person without a way in that works. Every session but one ends: it may be of whoever came by that way. The
   * address counts as unseen from then on, or the provider would be joined again by itself.
   */
  async unlink(userId: string, id: string, keptSession: string | null): Promise<UnlinkResult> {
    return this.#database.prisma.$transaction(async (transaction) => {
      // Two at once would each see the other's way left.
      await transaction.$executeRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR UPDATE`
      const rows = await transaction.credential.findMany({ where: { userId } })
      const found = rows.find((row) => row.id === id && row.providerId !== password)
      if (found === undefined) return { refused: 'unknown' }
      if (!rows.some((row) => row !== found && this.#works(row))) return { refused: 'last-way' }
      await transaction.credential.delete({ where: { id } })
      await transaction.user.update({ where: { id: userId }, data: { emailVerified: false } })
      const kept = keptSession === null ? {} : { id: { not: keptSession } }
      await transaction.session.deleteMany({ where: { userId, ...kept } })
      return { provider: found.providerId }
    })
  }

  #toWay(row: Row): WayToSignIn {
    const { id, providerId, createdAt } = row
    const provider = providerId === password ? 'password' : providerId
    return { id, provider, works: this.#works(row), createdAt }
  }

  /** A provider that was taken out of the settings, or another issuer's number, lets nobody in. */
  #works({ providerId, accountId, password: hash }: Row): boolean {
    if (providerId === password) return hash !== null
    const { providers, oidcIssuer } = this.#settings
    if (providers[providerId as SignInProvider] === undefined) return false
    return providerId !== 'oidc' || accountId.startsWith(`${oidcIssuer} `)
  }
}
