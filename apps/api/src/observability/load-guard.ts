// Refuses what would only make everybody wait: too many requests at once, of all or of one client, or a busy event loop.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { RequestHandler, Response } from 'express'
import { Counter, Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

export interface LoadLimits {
  /** Requests that are served at once. */
  readonly requests: number
  /** Of these, requests of one address. */
  readonly requestsPerClient: number
  /** Mean milliseconds by which the event loop was late during half a second, above which nothing new is begun. */
  readonly lag: number
}

type Reason = 'requests' | 'client' | 'lag'

const refusals: { readonly [Key in Reason]: { status: number; message: string } } = {
  requests: { status: 503, message: 'The server has as much to do as it can. Try again shortly.' },
  lag: { status: 503, message: 'The server has as much to do as it can. Try again shortly.' },
  client: { status: 429, message: 'Too many requests at once from this address. Try again.' },
}
const retryAfterSeconds = 1
const lagWindow = 500
/** A page asks fewer at once. Below it the loop is late for other reasons, such as a first answer on a slow machine. */
export const fewestForLag = 16
/** The timer's own period, which a measured delay includes. */
const lagResolution = 20

export class LoadGuard {
  readonly #limits: LoadLimits
  readonly #clients = new Map<string, number>()
  readonly #delay = monitorEventLoopDelay({ resolution: lagResolution })
  readonly #timer: NodeJS.Timeout
  readonly #refused: Counter<'reason'>
  #inFlight = 0
  #lag = 0

  constructor(limits: LoadLimits, registry: Registry) {
    this.#limits = limits
    this.#delay.enable()
    this.#timer = setInterval(() => {
      this.#lag = Math.max(0, this.#delay.mean / 1e6 - lagResolution) || 0
      this.#delay.reset()
    }, lagWindow).unref()
    const registers = [registry]
    this.#refused = new Counter({
      name: 'imprint_requests_refused_total',
      help: 'Requests that were refused because of load: of all, of one client, or a late event loop',
      labelNames: ['reason'] as const,
      registers,
    })
    const serving: Gauge = new Gauge({
      ...{ name: 'imprint_requests_in_flight', help: 'Requests that are being served', registers },
      collect: () => serving.set(this.#inFlight),
    })
  }

  /** For every route but those that say how the server is. */
  readonly admit: RequestHandler = (request, response, next) => {
    const client = request.socket.remoteAddress ?? ''
    const reason = this.#reasonToRefuse(client)
    if (reason !== null) {
      this.#refused.inc({ reason })
      return refuse(response, reason)
    }
    this.#inFlight += 1
    this.#clients.set(client, (this.#clients.get(client) ?? 0) + 1)
    response.once('close', () => this.#leave(client))
    next()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#delay.disable()
  }

  #reasonToRefuse(client: string): Reason | null {
    const { requests, requestsPerClient, lag } = this.#limits
    if ((this.#clients.get(client) ?? 0) >= requestsPerClient) return 'client'
    if (this.#inFlight >= requests) return 'requests'
    return this.#lag > lag && this.#inFlight >= fewestForLag ? 'lag' : null
  }

  #leave(client: string): void {
    this.#inFlight -= 1
    const left = (this.#clients.get(client) ?? 1) - 1
    if (left > 0) this.#clients.set(client, left)
    else this.#clients.delete(client)
  }
}

function refuse(response: Response, reason: Reason): void {
  const { status, message } = refusals[reason]
  const code = status === 429 ? 'TOO_MANY_REQUESTS' : 'OVERLOADED'
  response
    .status(status)
    .set('Retry-After', String(retryAfterSeconds))
    .json({ errors: [{ message, extensions: { code } }] })
}
