// API keys and share links: made, shown once, listed, revoked.
import { mayAct } from '../../access/authorize.js'
import { thingsOf } from '../../access/shared-things.js'
import { UserFailure } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import { hashOf, makeKey, makeToken, startOf } from '../../security/secret-tokens.js'
import { actionNames } from '../../vocabulary/account-names.js'
import type { ActionKey } from '../../vocabulary/account-names.js'
import type { AccountRepository } from './account.repository.js'
import { checkName, checkPath, endAfter } from './account-text.js'
import type { CreateApiKeyInput, CreateShareLinkInput } from './account.input.js'
import type { CredentialRepository, KeyRow, LinkOwner } from './credential.repository.js'
import type { ApiKey, ShareLink } from './credential.type.js'
import type { Viewer } from './viewer.js'

const mostDays = 3_650
const mostKeys = 100

export class CredentialService {
  readonly #rows: CredentialRepository
  readonly #accounts: AccountRepository

  constructor(rows: CredentialRepository, accounts: AccountRepository) {
    this.#rows = rows
    this.#accounts = accounts
  }

  async keys(viewer: Viewer): Promise<ApiKey[]> {
    return (await this.#rows.keysOf(viewer.userId)).map(toKey)
  }

  /** @throws UserFailure SCOPES_EMPTY, SCOPE_NOT_MINE, TOO_MANY_KEYS: a key may never do more than who makes it */
  async createKey(
    viewer: Viewer,
    input: CreateApiKeyInput,
  ): Promise<{ apiKey: ApiKey; secret: string }> {
    const scopes = [...new Set(input.scopes)].map((scope) => actionNames.toEngine(scope))
    const name = checkName(input.name)
    if (scopes.length === 0)
      throw new UserFailure('SCOPES_EMPTY', 'A key without scopes can do nothing.', {
        field: 'scopes',
        cure: 'Choose at least READ.',
      })
    const foreign = scopes.find((scope) => !mayAct(viewer, scope))
    if (foreign !== undefined)
      throw new UserFailure('SCOPE_NOT_MINE', `You may not ${foreign} in this project.`, {
        field: 'scopes',
        cure: 'Leave this scope out, or ask an admin for another role.',
      })
    if ((await this.#rows.openKeys(viewer.userId)) >= mostKeys)
      throw new UserFailure('TOO_MANY_KEYS', `You have ${mostKeys} keys.`, {
        cure: 'Revoke those that nobody uses.',
      })
    const { userId, projectId } = viewer
    const { key, publicId, hash } = makeKey()
    const expiresAt = endOf(input.expiresInDays)
    const row = await this.#rows.createKey({
      ...{ userId, projectId, publicId, hash, name, scopes, expiresAt },
    })
    await this.#accounts.recordEvent(viewer, 'api-key.create', row.id, { scopes })
    return { apiKey: toKey(row), secret: key }
  }

  async revokeKey(viewer: Viewer, id: string): Promise<ApiKey> {
    const row = isUuid(id) ? await this.#rows.revokeKey(viewer.userId, id) : null
    if (row === null)
      throw new UserFailure('API_KEY_NOT_FOUND', 'There is no key with this id.', {
        field: 'id',
        cure: 'Reload the list and choose another.',
      })
    await this.#accounts.recordEvent(viewer, 'api-key.revoke', id)
    return toKey(row)
  }

  async links(viewer: Viewer, page: PageRequest<TimePosition>): Promise<Connection<ShareLink>> {
    const { rows, totalCount } = await this.#rows.links(ownedBy(viewer), page)
    const nodeOf = (row: ShareLink): ShareLink => row
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async createLink(
    viewer: Viewer,
    input: CreateShareLinkInput,
  ): Promise<{ shareLink: ShareLink; token: string }> {
    const path = checkPath(input.path)
    if (thingsOf(path).size === 0) throw nothingToShare()
    const token = makeToken()
    const shareLink = await this.#rows.createLink({
      ...{ projectId: viewer.projectId, createdById: viewer.userId, tokenHash: hashOf(token) },
      ...{ path, title: checkName(input.title, 'title') },
      expiresAt: endOf(input.expiresInDays),
    })
    await this.#accounts.recordEvent(viewer, 'share-link.create', shareLink.id)
    return { shareLink, token }
  }

  async revokeLink(viewer: Viewer, id: string): Promise<ShareLink> {
    const row = isUuid(id) ? await this.#rows.revokeLink(ownedBy(viewer), id) : null
    if (row === null)
      throw new UserFailure('SHARE_LINK_NOT_FOUND', 'There is no link with this id.', {
        field: 'id',
        cure: 'Reload the list and choose another.',
      })
    await this.#accounts.recordEvent(viewer, 'share-link.revoke', id)
    return row
  }

  /** The link that a visitor came by; null for everyone else. */
  async linkOf(viewer: Viewer): Promise<ShareLink | null> {
    if (viewer.via !== 'share-link' || viewer.credentialId === null) return null
    return this.#rows.link(viewer.credentialId)
  }
}

const nothingToShare = (): UserFailure =>
  new UserFailure('PATH_NOT_SHARED', 'This page shows nothing that a link could open.', {
    field: 'path',
    cure: 'Share the page of a run, an edit, an evaluation, or a list of them.',
  })

const ownedBy = (viewer: Viewer): LinkOwner => ({
  projectId: viewer.projectId,
  ...(mayAct(viewer, 'administer') ? {} : { createdById: viewer.userId }),
})

const endOf = (days: number | null | undefined): Date | null =>
  days === null || days === undefined ? null : endAfter(days, mostDays, 'expiresInDays')

function toKey(row: KeyRow): ApiKey {
  const { id, name, publicId, projectId, createdAt, expiresAt, lastUsedAt, revokedAt } = row
  const scopes = row.scopes.map((scope) => scope.toUpperCase() as ActionKey)
  return {
    ...{ id, name, projectId, createdAt, expiresAt, lastUsedAt, revokedAt, scopes },
    start: startOf(publicId),
  }
}
