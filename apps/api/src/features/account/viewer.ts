// Who a request acts as, in which project, and what that allows; resolved once for each request and each socket event.
import type { Action, Role } from '../../access/roles.js'

/** How the request said who it is. */
export type Via = 'single-user' | 'session' | 'api-key' | 'share-link' | 'anonymous'

export interface Viewer {
  /** The nil UUID of a visitor without an account, who never writes. */
  readonly userId: string
  readonly userName: string
  readonly projectId: string
  readonly projectName: string
  readonly teamId: string
  /** In the project's team; null where nothing may even be read. */
  readonly role: Role | null
  readonly via: Via
  /** Whether they belong to the project's team; a reader of a public project does not. */
  readonly isMember: boolean
  /** What an API key or share link is narrowed to; null: all that the role allows. */
  readonly scopes: readonly Action[] | null
  /** Id of the session, key or share link; null of the single user and of visitors. */
  readonly credentialId: string | null
  /** How many entries of the audit log this request has made; absent of viewers that are no request's. */
  readonly writes?: { recorded: number }
}

export const nobody = '00000000-0000-0000-0000-000000000000'
