// What admins do with people and projects, and what people see of their team.
import { mayAct } from '../../access/authorize.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { hashOf, makeToken } from '../../security/secret-tokens.js'
import type { RoleKey } from '../../vocabulary/account-names.js'
import { storableText } from '../text-rules.js'
import type { AccountRepository } from './account.repository.js'
import { checkEmail, checkName, endAfter } from './account-text.js'
import type {
  CreateInvitationInput,
  CreateProjectInput,
  UpdateProjectInput,
} from './account.input.js'
import { slugOf } from './handles.js'
import type { Person } from './person.type.js'
import type { PeopleRepository } from './people.repository.js'
import type { Project } from './project.type.js'
import { invitationInvalid } from './session.service.js'
import type { ProjectRow, TeamRepository } from './team.repository.js'
import type { Invitation, InvitationPreview, Member, Team } from './team.type.js'
import type { Viewer } from './viewer.js'

export interface TeamServiceParts {
  readonly teams: TeamRepository
  readonly people: PeopleRepository
  readonly accounts: AccountRepository
}

const usualDays = 7
const mostDays = 60
const longestSearch = 80

export class TeamService {
  readonly #parts: TeamServiceParts

  constructor(parts: TeamServiceParts) {
    this.#parts = parts
  }

  async team(viewer: Viewer): Promise<Team> {
    const team = await this.#parts.teams.team(viewer.teamId)
    if (team === null) throw notFound('team', 'id')
    return team
  }

  /** Nobody's, for share links and visitors. */
  async members(viewer: Viewer): Promise<Member[]> {
    if (!viewer.isMember) return []
    const members = await this.#parts.teams.members(viewer.teamId)
    if (mayAct(viewer, 'administer')) return members
    return members.map((member) => ({ ...member, email: null }))
  }

  async people(viewer: Viewer, search: string): Promise<Person[]> {
    if (!viewer.isMember) return []
    return this.#parts.teams.people(
      viewer.teamId,
      storableText(search.trim().slice(0, longestSearch)),
    )
  }

  async invitations(viewer: Viewer): Promise<Invitation[]> {
    if (!mayAct(viewer, 'administer')) return []
    return this.#parts.teams.invitations(viewer.teamId)
  }

  async invite(
    viewer: Viewer,
    input: CreateInvitationInput,
  ): Promise<{ invitation: Invitation; token: string }> {
    const token = makeToken()
    const invitation = await this.#parts.teams.createInvitation({
      ...{ teamId: viewer.teamId, role: input.role, tokenHash: hashOf(token) },
      email: input.email ? checkEmail(input.email) : null,
      createdById: viewer.userId,
      expiresAt: endAfter(input.days ?? usualDays, mostDays, 'days'),
    })
    const detail = { role: invitation.role }
    await this.#parts.accounts.recordEvent(viewer, 'invitation.create', invitation.id, detail)
    return { invitation, token }
  }

  async revokeInvitation(viewer: Viewer, id: string): Promise<Invitation> {
    const row = isUuid(id) ? await this.#parts.teams.revokeInvitation(viewer.teamId, id) : null
    if (row === null) throw notFound('invitation', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'invitation.revoke', id)
    return row
  }

  /** What whoever has the link may know of it; null when it cannot be used. */
  async preview(token: string): Promise<InvitationPreview | null> {
    const found = await this.#parts.teams.openInvitation(hashOf(token))
    if (found === null) return null
    const { role, email, expiresAt } = found
    return { role, email, expiresAt, teamName: found.team.name, invitedBy: found.createdBy.name }
  }

  /** @throws UserFailure INVITATION_INVALID, also for one that is for another address */
  async accept(viewer: Viewer, token: string): Promise<Member | null> {
    const joined = await this.#parts.people.accept(hashOf(token), viewer.userId)
    if (joined === null) throw invitationInvalid('token')
    if (joined === 'member')
      throw new UserFailure('ALREADY_MEMBER', 'You are in this team already.', {
        field: 'token',
        cure: 'The invitation is still good for somebody else. Roles are changed under Team, by an admin.',
      })
    const [project] = await this.#parts.teams.projectsOfTeam(joined.teamId)
    if (project)
      await this.#parts.accounts.recordEvent(
        { ...viewer, projectId: project.id },
        'invitation.accept',
        viewer.userId,
      )
    return this.#parts.teams.member(joined.teamId, viewer.userId)
  }

  /** @param role null removes the member. @throws UserFailure MEMBER_NOT_FOUND, LAST_ADMIN */
  async changeMember(viewer: Viewer, userId: string, role: RoleKey | null): Promise<Member | null> {
    const { teams, accounts } = this.#parts
    const change = isUuid(userId)
      ? await teams.changeMember(viewer.teamId, userId, role)
      : 'missing'
    if (change === 'missing') throw notFound('member', 'userId')
    if (change === 'last-admin')
      throw new UserFailure('LAST_ADMIN', 'A team needs an admin, and this is its last one.', {
        field: 'userId',
        cure: 'Make somebody else an admin first.',
      })
    accounts.forgetLocalViewer()
    const action = role === null ? 'member.remove' : 'member.change-role'
    await accounts.recordEvent(viewer, action, userId, role === null ? undefined : { role })
    return role === null ? null : teams.member(viewer.teamId, userId)
  }

  async createProject(viewer: Viewer, input: CreateProjectInput): Promise<Project> {
    const name = checkName(input.name)
    const slug = slugOf(input.slug ?? name)
    const row =
      slug === '' ? null : await this.#parts.teams.createProject(viewer.teamId, slug, name)
    if (row === null)
      throw new UserFailure(
        'SLUG_TAKEN',
        `The team has a project "${slug}", or the slug is empty.`,
        {
          field: 'slug',
          cure: 'Choose another short name of a to z, 0 to 9 and -.',
        },
      )
    await this.#parts.accounts.recordEvent(
      { ...viewer, projectId: row.id },
      'project.create',
      row.id,
    )
    return withRole(row, 'ADMIN')
  }

  async updateProject(
    viewer: Viewer,
    { id, name, isPublic }: UpdateProjectInput,
  ): Promise<Project> {
    const data = {
      ...(name ? { name: checkName(name) } : {}),
      ...(typeof isPublic === 'boolean' ? { isPublic } : {}),
    }
    const { teams, accounts } = this.#parts
    const row = isUuid(id) ? await teams.updateProject(viewer.teamId, id, data) : null
    if (row === null) throw notFound('project', 'id')
    accounts.forgetLocalViewer()
    await accounts.recordEvent({ ...viewer, projectId: row.id }, 'project.update', id, data)
    return withRole(row, 'ADMIN')
  }
}

export const withRole = (row: ProjectRow, role: RoleKey | null): Project => ({ ...row, role })
