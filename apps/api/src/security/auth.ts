// better-auth on our tables: sessions, passwords and, when the environment names them, GitHub, Google and OpenID Connect.
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins'
import type { Database } from '../database/index.js'
import { UserFailure } from '../errors/user-failure.js'
import { readAuthSecret } from './auth-secret.js'
import type { AccountSettings } from './account-settings.js'
import { cookiePrefix, gateOf, linkCookie, linkingOf } from './link-rules.js'
import type { AuthUse } from './link-rules.js'
import { discoveryAddress } from './oidc-issuer.js'
import { checkPassword, hashPassword, passwordLimits } from './passwords.js'

export interface AuthParts {
  readonly database: Database
  readonly settings: AccountSettings
  /** What a person who signs in by a provider for the first time becomes; null: nobody invited this address. */
  readonly newcomer: (email: string, name: string) => Promise<{ readonly handle: string } | null>
  /** Called when that person's row is there. */
  readonly arrived: (userId: string, email: string) => Promise<void>
}

interface Arrival {
  readonly email: string
  readonly name: string
  readonly emailVerified?: boolean
}

const day = 86_400
const sessionDays = 30
const longestName = 80

export type Auth = ReturnType<typeof createAuth>

/**
 * Nothing of its HTTP routes is served but what OAuth needs (auth-routes.ts).
 * @param use with providers it asks the OpenID Connect issuer where it is, and waits: sessions and passwords go without
 */
export function createAuth(parts: AuthParts, use: AuthUse = 'alone') {
  const { database, settings } = parts
  const secure = settings.publicOrigin.startsWith('https:')
  return betterAuth({
    appName: 'Imprint',
    baseURL: settings.publicOrigin,
    basePath: '/api/auth',
    secret: readAuthSecret(settings),
    trustedOrigins: [settings.publicOrigin],
    database: prismaAdapter(database.prisma, { provider: 'postgresql' }),
    user: {
      modelName: 'user',
      // Not required of what a provider says: invitedOnly adds it.
      additionalFields: { handle: { type: 'string', required: false, input: false } },
      validateUserInfo: gateOf(use),
    },
    session: { modelName: 'session', expiresIn: sessionDays * day, updateAge: day },
    account: {
      modelName: 'credential',
      encryptOAuthTokens: true,
      accountLinking: linkingOf(use, settings),
    },
    verification: { modelName: 'verification' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 1,
      maxPasswordLength: passwordLimits.bytes,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => checkPassword(hash, password),
      },
    },
    ...(use === 'alone' ? {} : providersOf(settings)),
    databaseHooks: invitedOnly(parts),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: { errorURL: `${settings.publicOrigin}/sign-in` },
    advanced: {
      database: { generateId: 'uuid' },
      cookiePrefix: cookiePrefix(settings),
      ...(use === 'linking' ? { cookies: { state: { name: linkCookie(settings) } } } : {}),
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
    },
  })
}

/** Whoever comes by a provider needs an account already, or an invitation for that address, which must be seen to be theirs. */
function invitedOnly({ newcomer, arrived }: AuthParts) {
  const before = async (user: Arrival) => {
    if (user.emailVerified !== true)
      throw refusal('ADDRESS_NOT_VERIFIED', 'The provider does not say whose address this is.')
    const name = nameOf(user)
    const found = await newcomer(user.email, name)
    if (found === null) throw refusal('INVITATION_NEEDED', 'Nobody invited this address.')
    return { data: { ...user, name, ...found } }
  }
  const after = async (user: { id: string; email: string }) => arrived(user.id, user.email)
  // An address is seen by our own invitations only: a provider's word would join the next provider by itself.
  const unseen = { before: async () => false as const }
  const forget = { before: async <Row extends object>(row: Row) => ({ data: withoutTokens(row) }) }
  return {
    user: { create: { before, after }, update: unseen },
    account: { create: forget, update: forget },
  }
}

const refusal = (code: string, message: string): APIError =>
  new APIError('FORBIDDEN', { code, message })

const nameOf = ({ name, email }: Arrival): string =>
  (name.trim() || email.split('@')[0] || 'Somebody').slice(0, longestName)

/** Nothing is asked of a provider later on, so nothing of what it gave is kept. */
const withoutTokens = <Row extends object>(row: Row) => ({
  ...row,
  ...{ accessToken: null, refreshToken: null, idToken: null },
  ...{ accessTokenExpiresAt: null, refreshTokenExpiresAt: null },
})

function providersOf({ providers, oidcIssuer }: AccountSettings) {
  const { github, google, oidc } = providers
  const keys = ({ id, secret }: { id: string; secret: string }) => ({
    clientId: id,
    clientSecret: secret,
  })
  return {
    socialProviders: {
      ...(github && { github: keys(github) }),
      ...(google && { google: keys(google) }),
    },
    plugins:
      oidc && oidcIssuer !== undefined
        ? [
            genericOAuth({
              config: [
                {
                  ...{ providerId: 'oidc', scopes: ['openid', 'email', 'profile'], pkce: true },
                  ...keys(oidc),
                  ...{
                    discoveryUrl: discoveryAddress(oidcIssuer),
                    requireIdTokenVerification: true,
                  },
                  // Another issuer's people are others, though it may count them the same way.
                  accountSubject: ({ profile }) =>
                    typeof profile.sub === 'string' ? `${oidcIssuer} ${profile.sub}` : '',
                },
              ],
            }),
          ]
        : [],
  }
}

/** better-auth's refusals as ours; the same words whether the address or the password is wrong. */
export async function translateRefusal<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    throw new UserFailure('SIGN_IN_FAILED', 'There is no account with this address and password.', {
      cure: 'Check both, or ask an admin of your team for an invitation.',
    })
  }
}
