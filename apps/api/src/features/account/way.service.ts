// A person's ways to sign in: listed, and providers taken off again. They are put on in security/provider-link.ts.
import { UserFailure } from '../../errors/user-failure.js'
import type { Caller } from '../../security/caller.js'
import type { SignInLimits } from '../../security/sign-in-limits.js'
import type { AccountRepository } from './account.repository.js'
import type { WayToSignIn } from './me.type.js'
import { requireSession } from './viewer.js'
import type { Viewer } from './viewer.js'
import type { WayRepository } from './way.repository.js'

export interface WayServiceParts {
  readonly ways: WayRepository
  readonly limits: SignInLimits
  readonly accounts: AccountRepository
}

export class WayService {
  readonly #parts: WayServiceParts

  constructor(parts: WayServiceParts) {
    this.#parts = parts
  }

  /** Of whoever signed in; a key or a link need not know how its owner does. */
  async list(viewer: Viewer): Promise<WayToSignIn[]> {
    return viewer.via === 'session' ? this.#parts.ways.of(viewer.userId) : []
  }

  /** @throws UserFailure SESSION_NEEDED, WAY_NOT_FOUND, LAST_WAY_IN, TOO_MANY_ATTEMPTS */
  async unlink(viewer: Viewer, id: string, caller: Caller): Promise<void> {
    const { ways, limits, accounts } = this.#parts
    const { userId, credentialId } = requireSession(viewer)
    await limits.count(userId, caller.address)
    const result = await ways.unlink(userId, id, credentialId)
    if ('refused' in result) throw refusals[result.refused]()
    await limits.forgive(userId, caller.address)
    const { provider } = result
    if (viewer.role !== null)
      await accounts.recordEvent(viewer, 'account.unlink-provider', userId, { provider })
  }
}

const refusals = {
  unknown: () =>
    new UserFailure('WAY_NOT_FOUND', 'Your account has no provider with this id.', {
      field: 'id',
      cure: 'Reload the list and choose another; a password can only be changed.',
    }),
  'last-way': () =>
    new UserFailure('LAST_WAY_IN', 'This is the only way into your account.', {
      field: 'id',
      cure: 'Link another provider first.',
    }),
} as const
