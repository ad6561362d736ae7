// Entering, leaving and passwords: what is refused, what is counted, which cookies the answer sets.
import { UserFailure } from '../../errors/user-failure.js'
import { translateRefusal } from '../../security/auth.js'
import type { Auth } from '../../security/auth.js'
import {
  checkPassword,
  hashPassword,
  isTooLong,
  requireGoodPassword,
} from '../../security/passwords.js'
import { hashOf } from '../../security/secret-tokens.js'
import type { SignInLimits } from '../../security/sign-in-limits.js'
import type { Caller } from '../../security/caller.js'
import type { AccountRepository } from './account.repository.js'
import type {
  ChangePasswordInput,
  SetUpOwnerInput,
  SignInInput,
  SignUpInput,
} from './account.input.js'
import { checkEmail, checkName } from './account-text.js'
import type { PeopleRepository } from './people.repository.js'
import type { SessionReader } from './viewer-resolver.js'
import { requireSession } from './viewer.js'
import type { Viewer } from './viewer.js'

export interface SessionServiceParts {
  readonly people: PeopleRepository
  readonly accounts: AccountRepository
  readonly limits: SignInLimits
  readonly auth: () => Auth
}

export class SessionService implements SessionReader {
  readonly #parts: SessionServiceParts

  constructor(parts: SessionServiceParts) {
    this.#parts = parts
  }

  async read(cookies: string): Promise<{ id: string; userId: string } | null> {
    const found = await this.#parts.auth().api.getSession({
      headers: new Headers({ cookie: cookies }),
      query: { disableRefresh: true },
    })
    return found === null ? null : { id: found.session.id, userId: found.user.id }
  }

  /** @throws UserFailure SETUP_DONE when there is an owner */
  async setUpOwner(input: SetUpOwnerInput, caller: Caller): Promise<string[]> {
    const { people, accounts, limits } = this.#parts
    const [name, email] = [checkName(input.name), checkEmail(input.email)]
    requireGoodPassword(input.password)
    if (!(await people.setupNeeded())) throw setupDone()
    await limits.count(null, caller.address)
    const owner = await accounts.ensureLocalViewer()
    const password = await hashPassword(input.password)
    if (!(await people.setUpOwner(owner.userId, { name, email, password }))) throw setupDone()
    accounts.forgetLocalViewer()
    await accounts.recordEvent({ ...owner, via: 'session' }, 'account.set-up', owner.userId)
    await limits.forgive(email, caller.address)
    return this.#enter(email, input.password, caller)
  }

  /** @throws UserFailure INVITATION_INVALID, INVITATION_FOR_ANOTHER, EMAIL_TAKEN */
  async signUp(input: SignUpInput, caller: Caller): Promise<string[]> {
    const [name, email] = [checkName(input.name), checkEmail(input.email)]
    requireGoodPassword(input.password)
    await this.#parts.limits.count(null, caller.address)
    const password = await hashPassword(input.password)
    const result = await this.#parts.people.join(hashOf(input.invitationToken), {
      ...{ name, email, password },
    })
    if (result !== 'joined') throw joinRefusals[result]()
    await this.#parts.limits.forgive(email, caller.address)
    return this.#enter(email, input.password, caller)
  }

  /** @throws UserFailure SIGN_IN_FAILED for an unknown address as for a wrong password; TOO_MANY_ATTEMPTS */
  async signIn(input: SignInInput, caller: Caller): Promise<string[]> {
    const email = input.email.trim().toLowerCase()
    await this.#parts.limits.count(email, caller.address)
    if (isTooLong(input.password)) requireGoodPassword(input.password)
    const cookies = await this.#enter(email, input.password, caller)
    await this.#parts.limits.forgive(email, caller.address)
    return cookies
  }

  async signOut(caller: Caller): Promise<string[]> {
    const headers = new Headers({ cookie: caller.cookies })
    const answer = await this.#parts.auth().api.signOut({ headers, returnHeaders: true })
    return answer.headers.getSetCookie()
  }

  /** @throws UserFailure SESSION_NEEDED, PASSWORD_WRONG */
  async changePassword(viewer: Viewer, input: ChangePasswordInput, caller: Caller): Promise<void> {
    const { people, accounts, limits } = this.#parts
    requireSession(viewer)
    requireGoodPassword(input.next, 'next')
    await limits.count(viewer.userId, caller.address)
    const stored = await people.passwordOf(viewer.userId)
    const right =
      stored !== null && !isTooLong(input.current) && (await checkPassword(stored, input.current))
    if (!right)
      throw new UserFailure('PASSWORD_WRONG', 'This is not the password until now.', {
        field: 'current',
        cure: 'Write the password that you signed in with.',
      })
    await limits.forgive(viewer.userId, caller.address)
    await people.setPassword(viewer.userId, await hashPassword(input.next), viewer.credentialId)
    await accounts.recordEvent(viewer, 'account.change-password', viewer.userId)
  }

  async #enter(email: string, password: string, caller: Caller): Promise<string[]> {
    const headers = new Headers(caller.userAgent === null ? {} : { 'user-agent': caller.userAgent })
    const answer = await translateRefusal(
      this.#parts
        .auth()
        .api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
    )
    return answer.headers.getSetCookie()
  }
}

const setupDone = (): UserFailure =>
  new UserFailure('SETUP_DONE', 'This server has an owner already.', {
    cure: 'Sign in, or ask the owner for an invitation.',
  })

const joinRefusals = {
  invitation: () => invitationInvalid('invitationToken'),
  'other-address': () =>
    new UserFailure('INVITATION_FOR_ANOTHER', 'This invitation is for another address.', {
      field: 'email',
      cure: 'Write the address that the invitation was made for.',
    }),
  'email-taken': () =>
    new UserFailure('EMAIL_TAKEN', 'There is an account with this address already.', {
      field: 'email',
      cure: 'Sign in, then open the invitation’s link again.',
    }),
} as const

export const invitationInvalid = (field: string): UserFailure =>
  new UserFailure(
    'INVITATION_INVALID',
    'This invitation is not known, was used, withdrawn or has ended.',
    {
      field,
      cure: 'Ask an admin of the team for another.',
    },
  )
