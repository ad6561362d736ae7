// Who a request acts as, in which project, and what that allows; resolved once for each request and each socket event.
import type { Action, Role } from '../../access/roles.js'
import type { SharedThings } from '../../access/shared-things.js'
import { UserFailure } from '../../errors/user-failure.js'

/** How the request said who it is. */
export type Via = 'single-user' | 'session' | 'api-key' | 'share-link' | 'anonymous'

export interface Writes {
  /** How many entries it has made. */
  recorded: number
  /** What it calls itself (`clientMutationId`); null without a name. */
  request: string | null
}

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
  /** What the page of a share link shows; null where the whole project is public; absent of others. */
  readonly shared?: SharedThings | null
  /** What the audit log has of this request; absent of viewers that are no request's. */
  readonly writes?: Writes
}

export const nobody = '00000000-0000-0000-0000-000000000000'

/** How one signs in is changed in a browser: no key and no link may make a way in. @throws UserFailure SESSION_NEEDED */
export function requireSession(viewer: Viewer): Viewer {
  if (viewer.via === 'session') return viewer
  throw new UserFailure('SESSION_NEEDED', 'Only somebody who signed in may change how they do.', {
    cure: 'Sign in in a browser.',
  })
}
