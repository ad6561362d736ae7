// Passwords <-> argon2id (OWASP's minimum: 19 MiB, two passes, one lane), computed off the event loop.
import { hash, verify } from '@node-rs/argon2'
import { UserFailure } from '../errors/user-failure.js'

export const passwordLimits = { characters: 10, bytes: 1_024 } as const

/** @node-rs/argon2’s numbers for argon2id and version 0x13. */
const [argon2id, version19] = [2, 1] as const
const cost = {
  ...{ algorithm: argon2id, version: version19 },
  ...{ memoryCost: 19_456, timeCost: 2, parallelism: 1 },
}

export const hashPassword = (password: string): Promise<string> => hash(password, cost)

/** False also for a stored text that is no argon2 hash. */
export const checkPassword = (stored: string, password: string): Promise<boolean> =>
  verify(stored, password).catch(() => false)

export const isTooLong = (password: string): boolean =>
  Buffer.byteLength(password) > passwordLimits.bytes

/** @throws UserFailure PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG */
export function requireGoodPassword(password: string, field = 'password'): void {
  const { characters, bytes } = passwordLimits
  if (isTooLong(password))
    throw new UserFailure('PASSWORD_TOO_LONG', `A password has at most ${bytes} bytes.`, {
      field,
      cure: 'Choose a shorter one.',
    })
  if ([...password].length >= characters) return
  throw new UserFailure('PASSWORD_TOO_SHORT', `A password has at least ${characters} characters.`, {
    field,
    cure: 'Choose a longer one, such as four words.',
  })
}
