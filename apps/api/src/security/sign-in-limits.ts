// How often somebody may try to enter: for each account and for each address, counted for all API processes together.
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../database/index.js'
import { UserFailure } from '../errors/user-failure.js'
import { addressBucket } from './client-address.js'
import { hashOf } from './secret-tokens.js'

export const signInLimits = { account: 5, address: 20, seconds: 60 } as const

export class SignInLimits {
  readonly #account: RateLimiterPostgres
  readonly #address: RateLimiterPostgres

  constructor({ pool }: Database) {
    const limiter = (keyPrefix: string, points: number): RateLimiterPostgres =>
      new RateLimiterPostgres({
        ...{ storeClient: pool, storeType: 'pool', schemaName: 'security' },
        ...{ tableName: 'sign_in_limit', tableCreated: true },
        ...{ keyPrefix, points, duration: signInLimits.seconds },
      })
    this.#account = limiter('account', signInLimits.account)
    this.#address = limiter('address', signInLimits.address)
  }

  /**
   * Counts an attempt before anything is computed for it.
   * @param account address or id that is tried; null where only the caller's address counts
   * @throws UserFailure TOO_MANY_ATTEMPTS
   */
  async count(account: string | null, address: string | undefined): Promise<void> {
    await consume(this.#address, addressBucket(address))
    if (account !== null) await consume(this.#account, keyOf(account))
  }

  /** An attempt that was right does not count. */
  async forgive(account: string, address: string | undefined): Promise<void> {
    await Promise.all([
      this.#account.delete(keyOf(account)),
      this.#address.reward(addressBucket(address), 1),
    ])
  }
}

const keyOf = (account: string): string => hashOf(account.trim().toLowerCase())

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const seconds = Math.ceil(refused.msBeforeNext / 1_000)
    throw new UserFailure('TOO_MANY_ATTEMPTS', 'Too many attempts to sign in.', {
      cure: `Wait ${seconds} seconds and try again.`,
    })
  }
}
