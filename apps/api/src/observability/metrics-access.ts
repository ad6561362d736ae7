// Who may read the metrics: programs on this machine, or, once a token is set, whoever has it.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Headers of a proxy: behind one, everybody would seem to be this machine. */
const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip']

/** With a token only `Authorization: Bearer <token>` counts; without one only a direct call from the same machine. */
export function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) {
    const forwarded = forwarding.some((name) => request.headers[name] !== undefined)
    return !forwarded && loopback.test(request.socket.remoteAddress ?? '')
  }
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}
