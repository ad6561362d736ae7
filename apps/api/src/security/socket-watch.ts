// Sockets stay open for hours: who they belong to is asked again with every event, and every few seconds of silence.
import type { Context } from 'graphql-ws'
import type { Extra } from 'graphql-ws/use/ws'
import { UserFailure } from '../errors/user-failure.js'
import type { ViewerResolver } from '../features/account/viewer-resolver.js'
import type { Viewer } from '../features/account/viewer.js'
import { credentialsFrom } from './request-credentials.js'
import type { RequestCredentials } from './request-credentials.js'

export type SocketContext = Context<Record<string, unknown> | undefined, Extra>

interface Watched {
  readonly credentials: RequestCredentials
  readonly viewer: Viewer
  checked: number
  checking: Promise<boolean> | null
}

/** Milliseconds between two looks at silent sockets, and for which one answer is good for many events. */
const [round, freshness] = [2_000, 1_000] as const
/** Try again later (RFC 6455's registry): the web app and graphql-ws do. */
const [tryAgainLater, tooMany] = [1013, 'Too many sockets'] as const
/** What graphql-ws closes a socket with that may not be there. */
export const forbidden = 4403

export class SocketWatch {
  readonly #viewers: ViewerResolver
  readonly #most: number
  readonly #sockets = new Map<SocketContext, Watched>()
  readonly #timer: NodeJS.Timeout

  /** @param most sockets of one person, or of one API key */
  constructor(viewers: ViewerResolver, most: number) {
    this.#viewers = viewers
    this.#most = most
    this.#timer = setInterval(() => this.#lookAround(), round).unref()
  }

  /** False when the socket sent an API key that is refused, or is one too many of somebody's. */
  async enter(context: SocketContext): Promise<boolean> {
    const { headers } = context.extra.request
    const credentials = credentialsFrom(headers, context.connectionParams ?? {})
    const viewer = await this.#resolve(credentials)
    if (viewer === null) return false
    if (this.#openOf(viewer) >= this.#most) {
      context.extra.socket.close(tryAgainLater, tooMany)
      return false
    }
    this.#sockets.set(context, { credentials, viewer, checked: Date.now(), checking: null })
    return true
  }

  leave(context: SocketContext): void {
    this.#sockets.delete(context)
  }

  /** Who the socket belongs to; null for one that never said hello. */
  of(context: SocketContext): Pick<Watched, 'viewer' | 'credentials'> | null {
    return this.#sockets.get(context) ?? null
  }

  /** Whether the socket still has the rights it began with; else it is closed. */
  async check(context: SocketContext): Promise<boolean> {
    const watched = this.#sockets.get(context)
    if (watched === undefined) return false
    if (this.#viewers.singleUser || Date.now() - watched.checked < freshness) return true
    watched.checking ??= this.#checkNow(watched).finally(() => {
      watched.checking = null
    })
    if (await watched.checking) return true
    this.leave(context)
    context.extra.socket.close(forbidden, 'Forbidden')
    return false
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Visitors and links are counted by address only, as the single user is (subscriptions.ts). */
  #openOf(viewer: Viewer): number {
    const owner = ownerOf(viewer)
    if (owner === null) return 0
    return [...this.#sockets.values()].filter((one) => ownerOf(one.viewer) === owner).length
  }

  async #checkNow(watched: Watched): Promise<boolean> {
    const viewer = await this.#resolve(watched.credentials)
    watched.checked = Date.now()
    return viewer !== null && sameRights(viewer, watched.viewer)
  }

  async #resolve(credentials: RequestCredentials): Promise<Viewer | null> {
    try {
      return await this.#viewers.resolve(credentials)
    } catch (error) {
      if (error instanceof UserFailure) return null
      throw error
    }
  }

  /** A database that does not answer closes nobody: nothing is sent meanwhile either. */
  #lookAround(): void {
    for (const context of this.#sockets.keys()) void this.check(context).catch(() => undefined)
  }
}

function ownerOf({ via, userId, credentialId }: Viewer): string | null {
  if (via === 'session') return `person ${userId}`
  return via === 'api-key' ? `key ${credentialId}` : null
}

function sameRights(one: Viewer, other: Viewer): boolean {
  const keys = ['userId', 'projectId', 'role', 'via', 'isMember', 'credentialId'] as const
  if (!keys.every((key) => one[key] === other[key])) return false
  return String(one.scopes) === String(other.scopes) && shownBy(one) === shownBy(other)
}

/** What the page of a link shows, as text; `null` of a link into a public project, which shows all of it. */
function shownBy({ shared }: Viewer): string {
  return shared ? JSON.stringify([...shared].sort()) : String(shared)
}
