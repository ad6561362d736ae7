// Rows of people and their ways to sign in: the owner's set-up, joining by invitation, profiles.
import { randomUUID } from 'node:crypto'
import { Prisma } from '../../database/generated/client.js'
import type { User } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import { freeHandle } from './handles.js'
import { local } from './local-account.js'
import { recordActivity } from '../activity/activity.repository.js'

export interface NewPerson {
  readonly name: string
  readonly email: string
  /** Hash of the password. */
  readonly password: string
}

export type JoinResult = 'joined' | 'invitation' | 'other-address' | 'email-taken'

type Transaction = Prisma.TransactionClient
type Where = Prisma.InvitationWhereInput

/** Any number that nothing else locks. */
const setupLock = 20_261_122
const owned = { email: { not: null } } as const

export class PeopleRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async setupNeeded(): Promise<boolean> {
    return (await this.#database.prisma.user.count({ where: owned })) === 0
  }

  /** The local user becomes the owner, so that what it wrote is theirs; false when somebody was faster. */
  async setUpOwner(localUserId: string, person: NewPerson): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${setupLock})`
      if ((await transaction.user.count({ where: owned })) > 0) return false
      const { name, email } = person
      const handle = await handleFor(transaction, name, localUserId)
      const data = { name, email, handle, emailVerified: true }
      await transaction.user.update({ where: { id: localUserId }, data })
      await addPassword(transaction, localUserId, person.password)
      await transaction.team.updateMany({
        where: { slug: local.team, name: 'Local' },
        data: { name: `${name}’s team` },
      })
      return true
    })
  }

  /** Makes an account and a membership by an invitation, which can be used once. */
  async join(tokenHash: string, person: NewPerson): Promise<JoinResult> {
    try {
      return await this.#database.prisma.$transaction((transaction) =>
        joinIn(transaction, tokenHash, person),
      )
    } catch (error) {
      if (isDuplicate(error)) return 'email-taken'
      throw error
    }
  }

  /** Somebody with an account joins one more team; `null`: the invitation is not for them or was used; `member`: they are in it already. */
  async accept(tokenHash: string, userId: string): Promise<{ teamId: string } | 'member' | null> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const invitation = await openInvitation(transaction, { tokenHash })
      const user = await transaction.user.findUniqueOrThrow({ where: { id: userId } })
      if (invitation === null || isForAnother(invitation.email, user.email)) return null
      const { teamId, role } = invitation
      if ((await transaction.membership.count({ where: { teamId, userId } })) > 0) return 'member'
      await useInvitation(transaction, invitation.id, userId)
      await transaction.membership.create({ data: { teamId, userId, role } })
      await tellJoined(transaction, user.id, teamId)
      return { teamId }
    })
  }

  /** For sign-in by a provider: whether an open invitation names this address. */
  async isInvited(email: string): Promise<boolean> {
    const { prisma } = this.#database
    return (await prisma.invitation.count({ where: openNow({ email: email.toLowerCase() }) })) > 0
  }

  async arrive(userId: string, email: string): Promise<void> {
    await this.#database.prisma.$transaction(async (transaction) => {
      const invitation = await openInvitation(transaction, { email: email.toLowerCase() })
      if (invitation === null) return
      await useInvitation(transaction, invitation.id, userId)
      const { teamId, role } = invitation
      await transaction.membership.create({ data: { teamId, userId, role } })
      await tellJoined(transaction, userId, teamId)
    })
  }

  freeHandle(name: string): Promise<string> {
    return handleFor(this.#database.prisma, name, null)
  }

  find(id: string): Promise<User | null> {
    return this.#database.prisma.user.findUnique({ where: { id } })
  }

  /** False when somebody else has the handle. */
  async update(id: string, data: { name?: string; handle?: string }): Promise<boolean> {
    try {
      await this.#database.prisma.user.update({ where: { id }, data })
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }

  async passwordOf(userId: string): Promise<string | null> {
    const where = { userId, providerId: 'credential' }
    return (await this.#database.prisma.credential.findFirst({ where }))?.password ?? null
  }

  /** Every session but one ends with the old password. */
  async setPassword(userId: string, password: string, keptSession: string | null): Promise<void> {
    const { prisma } = this.#database
    await prisma.$transaction([
      prisma.credential.updateMany({
        where: { userId, providerId: 'credential' },
        data: { password },
      }),
      prisma.session.deleteMany({
        where: { userId, ...(keptSession === null ? {} : { id: { not: keptSession } }) },
      }),
    ])
  }

  /** Unread items of the inbox, of one project. */
  unread(userId: string, projectId: string): Promise<number> {
    return this.#database.prisma.inboxItem.count({ where: { userId, projectId, readAt: null } })
  }
}

async function joinIn(
  transaction: Transaction,
  tokenHash: string,
  { name, email, password }: NewPerson,
): Promise<JoinResult> {
  const invitation = await openInvitation(transaction, { tokenHash })
  if (invitation === null) return 'invitation'
  if (isForAnother(invitation.email, email)) return 'other-address'
  const handle = await handleFor(transaction, name, null)
  const emailVerified = invitation.email !== null
  const user = await transaction.user.create({ data: { name, email, handle, emailVerified } })
  await useInvitation(transaction, invitation.id, user.id)
  await addPassword(transaction, user.id, password)
  const { teamId, role } = invitation
  await transaction.membership.create({ data: { teamId, userId: user.id, role } })
  await tellJoined(transaction, user.id, teamId)
  return 'joined'
}

/** In the feed of every project of the team. */
async function tellJoined(transaction: Transaction, userId: string, teamId: string): Promise<void> {
  const projects = await transaction.project.findMany({ where: { teamId }, select: { id: true } })
  const words = { verb: 'joined', subjectKind: 'member', subjectId: userId, path: '/team' }
  for (const { id: projectId } of projects)
    await recordActivity(transaction, { projectId, userId }, { ...words, title: 'the team' })
}

const openNow = (where: Where): Where => ({
  ...where,
  ...{ acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date() } },
})

async function openInvitation(transaction: Transaction, where: Where) {
  const found = await transaction.invitation.findFirst({
    where: openNow(where),
    select: { id: true },
  })
  if (found === null) return null
  await transaction.$executeRaw`SELECT 1 FROM invitation WHERE id = ${found.id}::uuid FOR UPDATE`
  return transaction.invitation.findFirst({ where: openNow({ id: found.id }) })
}

const useInvitation = (transaction: Transaction, id: string, acceptedById: string) =>
  transaction.invitation.update({ where: { id }, data: { acceptedById, acceptedAt: new Date() } })

const isForAnother = (invited: string | null, email: string | null): boolean =>
  invited !== null && invited !== email?.toLowerCase()

const addPassword = (transaction: Transaction, userId: string, password: string) =>
  transaction.credential.create({
    data: { id: randomUUID(), userId, accountId: userId, providerId: 'credential', password },
  })

const handleFor = (transaction: Transaction, name: string, but: string | null): Promise<string> =>
  freeHandle(name, async (handle) => {
    const taken = await transaction.user.findUnique({ where: { handle }, select: { id: true } })
    return taken !== null && taken.id !== but
  })

const isDuplicate = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
