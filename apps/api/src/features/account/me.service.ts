// A viewer -> what they are told of themselves, and changes of their profile.
import { isSignedIn, mayAct } from '../../access/authorize.js'
import { actions } from '../../access/roles.js'
import { UserFailure } from '../../errors/user-failure.js'
import { actionNames, roleNames, viaNames } from '../../vocabulary/account-names.js'
import type { AccountSettings } from '../../security/account-settings.js'
import type { AccountRepository } from './account.repository.js'
import { checkName } from './account-text.js'
import type { UpdateProfileInput } from './account.input.js'
import { isHandle } from './handles.js'
import type { Me } from './me.type.js'
import type { PeopleRepository } from './people.repository.js'
import type { Project } from './project.type.js'
import type { TeamRepository } from './team.repository.js'
import { withRole } from './team.service.js'
import { nobody } from './viewer.js'
import type { Viewer } from './viewer.js'

export interface MeServiceParts {
  readonly people: PeopleRepository
  readonly teams: TeamRepository
  readonly accounts: AccountRepository
  readonly settings: AccountSettings
}

export class MeService {
  readonly #parts: MeServiceParts

  constructor(parts: MeServiceParts) {
    this.#parts = parts
  }

  async me(viewer: Viewer): Promise<Me & { viewer: Viewer }> {
    const { people, settings } = this.#parts
    const [user, setupNeeded, projects] = await Promise.all([
      viewer.userId === nobody ? null : people.find(viewer.userId),
      settings.singleUser ? false : people.setupNeeded(),
      this.#projects(viewer),
    ])
    const project = projects.find(({ id }) => id === viewer.projectId) ?? null
    return {
      via: viaNames.fromEngine(viewer.via),
      role: viewer.role === null ? null : roleNames.fromEngine(viewer.role),
      actions: actions
        .filter((one) => mayAct(viewer, one))
        .map((one) => actionNames.fromEngine(one)),
      email: user?.email ?? null,
      project: viewer.role === null ? null : project,
      projects: viewer.via === 'api-key' ? projects.filter((one) => one === project) : projects,
      ...{ setupNeeded, viewer },
      signInWith: ['password', ...Object.keys(settings.providers)],
    }
  }

  /** One of the projects that somebody may read, or may have been able to read when they made a key for it. */
  async projectOf(viewer: Viewer, id: string): Promise<Project> {
    const found = (await this.#projects(viewer)).find((project) => project.id === id)
    if (found !== undefined) return found
    const row = await this.#parts.teams.project(id)
    if (row === null) throw new Error(`Project ${id} is gone`)
    return withRole(row, null)
  }

  unread(viewer: Viewer): Promise<number> | number {
    if (!isSignedIn(viewer) || viewer.role === null) return 0
    return this.#parts.people.unread(viewer.userId, viewer.projectId)
  }

  /** @throws UserFailure HANDLE_INVALID, HANDLE_TAKEN */
  async updateProfile(viewer: Viewer, { name, handle }: UpdateProfileInput): Promise<void> {
    const changes = { ...(name ? { name: checkName(name) } : {}), ...(handle ? { handle } : {}) }
    if (handle && !isHandle(handle))
      throw handleRefused('HANDLE_INVALID', `"${handle.slice(0, 40)}" cannot be mentioned.`)
    if (!(await this.#parts.people.update(viewer.userId, changes)))
      throw handleRefused('HANDLE_TAKEN', `Somebody else is @${handle}.`)
    this.#parts.accounts.forgetLocalViewer()
    await this.#parts.accounts.recordEvent(viewer, 'account.update-profile', viewer.userId, changes)
  }

  async #projects(viewer: Viewer): Promise<Project[]> {
    const { teams } = this.#parts
    const mine = (await teams.projectsOf(viewer.userId)).map((row) => withRole(row, row.role))
    if (viewer.role === null || mine.some(({ id }) => id === viewer.projectId)) return mine
    const row = await teams.project(viewer.projectId)
    return row === null ? mine : [withRole(row, null), ...mine]
  }
}

const handleRefused = (code: string, message: string): UserFailure =>
  new UserFailure(code, message, {
    field: 'handle',
    cure: 'Choose 2 to 30 of a to z, 0 to 9, - and _, beginning with a letter or digit.',
  })
