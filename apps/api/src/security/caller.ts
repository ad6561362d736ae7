// Whoever sent a request, as the transport saw them.
import type { RequestCredentials } from './request-credentials.js'

/** Whoever sent the request: what was seen of them, and a way to give them cookies. */
export interface Caller {
  readonly address: string | undefined
  readonly userAgent: string | null
  /** The header Cookie. */
  readonly cookies: string
  readonly credentials: RequestCredentials
  /** Adds lines `Set-Cookie` to the answer; a socket cannot. */
  setCookies(lines: readonly string[]): void
}
