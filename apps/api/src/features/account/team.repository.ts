// Rows of teams, members, invitations and projects.
import { Prisma } from '../../database/generated/client.js'
import type { Invitation, Project as ProjectRow, Team } from '../../database/generated/client.js'
import type { Database } from '../../database/index.js'
import type { RoleKey } from '../../vocabulary/account-names.js'
import type { Person } from './person.type.js'
import type { Member } from './team.type.js'

export type { ProjectRow }
export type MemberChange = 'done' | 'missing' | 'last-admin'

export interface NewInvitation {
  readonly teamId: string
  readonly role: RoleKey
  readonly email: string | null
  readonly tokenHash: string
  readonly createdById: string
  readonly expiresAt: Date
}

export interface ProjectOfUser extends ProjectRow {
  readonly role: RoleKey | null
}

const person = { id: true, handle: true, name: true, image: true } as const
const mostPeople = 200

export class TeamRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  team(id: string): Promise<Team | null> {
    return this.#database.prisma.team.findUnique({ where: { id } })
  }

  async members(teamId: string): Promise<Member[]> {
    const rows = await this.#database.prisma.membership.findMany({
      where: { teamId },
      orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
      include: { user: { select: { email: true } } },
    })
    return rows.map(({ role, userId, createdAt, user }) => ({
      ...{ role, userId, joinedAt: createdAt, email: user.email },
    }))
  }

  async member(teamId: string, userId: string): Promise<Member | null> {
    return (await this.members(teamId)).find((one) => one.userId === userId) ?? null
  }

  people(teamId: string, search: string): Promise<Person[]> {
    const contains = { contains: search, mode: 'insensitive' as const }
    return this.#database.prisma.user.findMany({
      where: {
        memberships: { some: { teamId } },
        ...(search === '' ? {} : { OR: [{ name: contains }, { handle: contains }] }),
      },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take: mostPeople,
      select: person,
    })
  }

  /** Another role, or null to remove; a team keeps at least one admin, also when two leave at once. */
  async changeMember(teamId: string, userId: string, role: RoleKey | null): Promise<MemberChange> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT 1 FROM team WHERE id = ${teamId}::uuid FOR UPDATE`
      const where = { teamId_userId: { teamId, userId } }
      const before = await transaction.membership.findUnique({ where })
      if (before === null) return 'missing'
      const others = { teamId, role: 'ADMIN' as const, userId: { not: userId } }
      const leaves = before.role === 'ADMIN' && role !== 'ADMIN'
      if (leaves && (await transaction.membership.count({ where: others })) === 0)
        return 'last-admin'
      if (role === null) await transaction.membership.delete({ where })
      else await transaction.membership.update({ where, data: { role } })
      return 'done'
    })
  }

  invitations(teamId: string): Promise<Invitation[]> {
    return this.#database.prisma.invitation.findMany({
      where: { teamId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: mostPeople,
    })
  }

  createInvitation(data: NewInvitation): Promise<Invitation> {
    return this.#database.prisma.invitation.create({ data })
  }

  /** Null when the team has no such invitation that is still open. */
  async revokeInvitation(teamId: string, id: string): Promise<Invitation | null> {
    const { prisma } = this.#database
    const { count } = await prisma.invitation.updateMany({
      where: { id, teamId, acceptedAt: null, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    return count === 0 ? null : prisma.invitation.findUnique({ where: { id } })
  }

  openInvitation(tokenHash: string) {
    return this.#database.prisma.invitation.findFirst({
      where: { tokenHash, acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date() } },
      include: { team: true, createdBy: { select: { name: true } } },
    })
  }

  /** Of the user's teams and public ones, the user's first. */
  async projectsOf(userId: string): Promise<ProjectOfUser[]> {
    const rows = await this.#database.prisma.project.findMany({
      where: { OR: [{ isPublic: true }, { team: { members: { some: { userId } } } }] },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      include: { team: { select: { members: { where: { userId }, select: { role: true } } } } },
    })
    const withRole = rows.map(({ team, ...row }) => ({
      ...row,
      role: team.members[0]?.role ?? null,
    }))
    return [...withRole].sort(
      (one, other) => Number(one.role === null) - Number(other.role === null),
    )
  }

  project(id: string): Promise<ProjectRow | null> {
    return this.#database.prisma.project.findUnique({ where: { id } })
  }

  projectsOfTeam(teamId: string): Promise<ProjectRow[]> {
    const orderBy = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]
    return this.#database.prisma.project.findMany({ where: { teamId }, orderBy })
  }

  /** Null when the team has a project of this slug. */
  async createProject(teamId: string, slug: string, name: string): Promise<ProjectRow | null> {
    try {
      return await this.#database.prisma.project.create({ data: { teamId, slug, name } })
    } catch (error) {
      const duplicate =
        error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
      if (duplicate) return null
      throw error
    }
  }

  async updateProject(
    teamId: string,
    id: string,
    data: { name?: string; isPublic?: boolean },
  ): Promise<ProjectRow | null> {
    const { prisma } = this.#database
    const { count } = await prisma.project.updateMany({ where: { id, teamId }, data })
    return count === 0 ? null : prisma.project.findUnique({ where: { id } })
  }
}
