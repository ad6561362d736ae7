// Credentials of a request -> the viewer it acts as; the one answer for HTTP, sockets and files.
import type { Action, Role } from '../../access/roles.js'
import { actions } from '../../access/roles.js'
import { thing, thingsOf } from '../../access/shared-things.js'
import type { SharedThings } from '../../access/shared-things.js'
import { UserFailure } from '../../errors/user-failure.js'
import type { RequestCredentials } from '../../security/request-credentials.js'
import { hashOf, publicIdOf, sameHash } from '../../security/secret-tokens.js'
import type { AccountRepository } from './account.repository.js'
import { nobody } from './viewer.js'
import type { Viewer } from './viewer.js'
import type { KeyRow, LinkRow, ViewerRepository, ViewerRow } from './viewer.repository.js'

export interface SessionReader {
  /** The session of a Cookie header; null when there is none or it has ended. */
  read(cookies: string): Promise<{ readonly id: string; readonly userId: string } | null>
}

export interface ViewerResolverParts {
  readonly rows: ViewerRepository
  readonly accounts: AccountRepository
  readonly sessions: SessionReader
  readonly singleUser: boolean
}

const minute = 60_000

export class ViewerResolver {
  readonly #parts: ViewerResolverParts

  constructor(parts: ViewerResolverParts) {
    this.#parts = parts
  }

  get singleUser(): boolean {
    return this.#parts.singleUser
  }

  /** @throws UserFailure API_KEY_REFUSED for a key that is wrong, has ended or was revoked: whoever sends one wants no less */
  async resolve(credentials: RequestCredentials): Promise<Viewer> {
    const { authorization, share } = credentials
    if (this.#parts.singleUser) return this.#asOwner(credentials)
    if (authorization !== null) return this.#byKey(authorization, credentials)
    const named = share?.named === true ? await this.#byLink(share.token) : null
    const viewer = named ?? (await this.#bySession(credentials))
    if (viewer !== null && viewer.role !== null) return viewer
    const kept = share === null || share.named ? null : await this.#byLink(share.token)
    return kept ?? viewer ?? this.#asVisitor(credentials)
  }

  async #asOwner({ project }: RequestCredentials): Promise<Viewer> {
    const owner = await this.#parts.accounts.ensureLocalViewer()
    if (project === null || project.id === owner.projectId) return owner
    const row = await this.#parts.rows.ofUser(owner.userId, project.id)
    if (row === null) return owner
    return { ...owner, ...placeOf(row), role: roleIn(row, project) }
  }

  async #byKey(authorization: string, { project }: RequestCredentials): Promise<Viewer> {
    const key = /^Bearer ([\w]{1,200})$/i.exec(authorization.trim())?.[1] ?? ''
    const publicId = publicIdOf(key)
    const row = publicId === null ? null : await this.#parts.rows.ofKey(publicId)
    if (row === null || !sameHash(row.hash, hashOf(key))) throw keyRefused('is not known')
    if (row.revokedAt !== null) throw keyRefused('was revoked')
    if (row.expiresAt !== null && row.expiresAt.getTime() <= Date.now())
      throw keyRefused('has ended')
    if (row.role === null) throw keyRefused('is of somebody who left the team')
    if (olderThanAMinute(row.lastUsedAt)) await this.#parts.rows.touchKey(row.keyId)
    return keyViewer(row, project?.named === true && project.id !== row.projectId)
  }

  async #bySession({ cookies, project }: RequestCredentials): Promise<Viewer | null> {
    const session = cookies === '' ? null : await this.#parts.sessions.read(cookies)
    if (session === null) return null
    const row = await this.#parts.rows.ofUser(session.userId, project?.id ?? null)
    const isMember = row !== null && row.role !== null
    const shared = { via: 'session', isMember, scopes: null, credentialId: session.id } as const
    if (row !== null)
      return { ...shared, ...personOf(row), ...placeOf(row), role: roleIn(row, project) }
    const name = (await this.#parts.accounts.userNames([session.userId])).get(session.userId)
    return {
      ...shared,
      ...nowhere,
      userId: session.userId,
      userName: name ?? 'somebody',
      role: null,
    }
  }

  async #byLink(token: string): Promise<Viewer | null> {
    const row = await this.#parts.rows.ofLink(hashOf(token))
    if (row === null) return null
    if (olderThanAMinute(row.lastUsedAt)) await this.#parts.rows.touchLink(row.linkId)
    return {
      ...visitor,
      ...placeOf(row),
      ...{ role: 'viewer', via: 'share-link', scopes: ['read'], credentialId: row.linkId },
      shared: row.isPublic ? null : sharedBy(row),
    }
  }

  async #asVisitor({ project }: RequestCredentials): Promise<Viewer> {
    const row = await this.#parts.rows.ofVisitor(project?.id ?? null)
    const other = project?.named === true && row?.projectId !== project.id
    if (row === null || other) return visitor
    return { ...visitor, ...placeOf(row), role: 'viewer' }
  }
}

/** A review’s page also shows what is reviewed. */
function sharedBy({ path, reviewed }: LinkRow): SharedThings {
  const things = thingsOf(path)
  return reviewed === null ? things : new Set([...things, thing(reviewed.kind, reviewed.id)])
}

const nowhere = { projectId: nobody, projectName: '', teamId: nobody } as const

const visitor: Viewer = {
  ...{ userId: nobody, userName: 'Visitor', ...nowhere },
  ...{ role: null, via: 'anonymous', isMember: false, scopes: null, credentialId: null },
}

const personOf = ({ userId, userName }: ViewerRow) => ({ userId, userName })

const placeOf = ({
  projectId,
  projectName,
  teamId,
}: Pick<ViewerRow, 'projectId' | 'projectName' | 'teamId'>) => ({
  projectId,
  projectName,
  teamId,
})

/** A project that was named and cannot be read is no reason to show another. */
function roleIn(row: ViewerRow, asked: RequestCredentials['project']): Role | null {
  if (asked?.named === true && row.projectId !== asked.id) return null
  return row.role === null ? 'viewer' : (row.role.toLowerCase() as Role)
}

function keyViewer(row: KeyRow, otherProject: boolean): Viewer {
  const role = otherProject || row.role === null ? null : (row.role.toLowerCase() as Role)
  const scopes = actions.filter((action): action is Action => row.scopes.includes(action))
  return {
    ...personOf(row),
    ...placeOf(row),
    ...{ role, via: 'api-key', isMember: role !== null, scopes, credentialId: row.keyId },
  }
}

const olderThanAMinute = (date: Date | null): boolean =>
  date === null || Date.now() - date.getTime() > minute

const keyRefused = (why: string): UserFailure =>
  new UserFailure('API_KEY_REFUSED', `This API key ${why}.`, {
    cure: 'Make a new one under Settings, API keys.',
  })
