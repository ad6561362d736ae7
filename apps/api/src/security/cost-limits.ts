// Points of cost that one key, person or address may spend in a minute, counted by each API process on its own.
import { GraphQLError } from 'graphql'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Viewer } from '../features/account/viewer.js'
import type { Caller } from './caller.js'
import { addressBucket } from './client-address.js'

const seconds = 60

export type LimitHeaders = Readonly<Record<string, string>>

interface Asker {
  readonly viewer: Viewer
  readonly caller: Caller
}

export class CostLimits {
  readonly #points: number
  readonly #limiter: RateLimiterMemory

  constructor(points: number) {
    this.#points = points
    this.#limiter = new RateLimiterMemory({ points, duration: seconds })
  }

  /**
   * Takes what an operation costs; the single user has no limit.
   * @returns headers that say what is left
   * @throws GraphQLError RATE_LIMITED with status 429
   */
  async spend(asker: Asker, cost: number): Promise<LimitHeaders> {
    if (asker.viewer.via === 'single-user') return {}
    try {
      return this.#headers(await this.#limiter.consume(keyOf(asker), cost))
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw this.#refusal(refused)
    }
  }

  /** The headers of an answer that cost nothing. */
  async left(asker: Asker): Promise<LimitHeaders> {
    if (asker.viewer.via === 'single-user') return {}
    return this.#headers(await this.#limiter.get(keyOf(asker)))
  }

  #headers(state: RateLimiterRes | null): LimitHeaders {
    return {
      'ratelimit-limit': String(this.#points),
      'ratelimit-remaining': String(state?.remainingPoints ?? this.#points),
      'ratelimit-reset': String(Math.ceil((state?.msBeforeNext ?? 0) / 1_000)),
    }
  }

  #refusal(state: RateLimiterRes): GraphQLError {
    const wait = String(Math.max(1, Math.ceil(state.msBeforeNext / 1_000)))
    const headers = new Map([
      ...Object.entries(this.#headers(state)),
      ['retry-after', wait] as const,
    ])
    const message = `You have spent the ${this.#points} points of this minute. Wait ${wait} seconds, or ask for smaller pages.`
    return new GraphQLError(message, {
      extensions: { code: 'RATE_LIMITED', http: { status: 429, headers } },
    })
  }
}

/** A key counts for itself, a person once for all their browsers, anyone else by address. */
function keyOf({ viewer, caller }: Asker): string {
  if (viewer.via === 'api-key') return `key:${viewer.credentialId}`
  if (viewer.via === 'session') return `person:${viewer.userId}`
  return `address:${addressBucket(caller.address)}`
}
