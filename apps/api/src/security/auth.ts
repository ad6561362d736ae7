// better-auth on our tables: sessions, passwords and, when the environment names them, GitHub, Google and OpenID Connect.
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins'
import type { Database } from '../database/index.js'
import { UserFailure } from '../errors/user-failure.js'
import { readAuthSecret } from './auth-secret.js'
import type { AccountSettings } from './account-settings.js'
import { checkPassword, hashPassword, passwordLimits } from './passwords.js'

export interface AuthParts {
  readonly database: Database
  readonly settings: AccountSettings
  /** What a person who signs in by a provider for the first time becomes; null: nobody invited this address. */
  readonly newcomer: (email: string, name: string) => Promise<{ readonly handle: string } | null>
  /** Called when that person's row is there. */
  readonly arrived: (userId: string, email: string) => Promise<void>
}

const day = 86_400
const sessionDays = 30

export type Auth = ReturnType<typeof createAuth>

/** Nothing of its HTTP routes is served but what OAuth needs (auth-routes.ts). */
export function createAuth(parts: AuthParts) {
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
      additionalFields: { handle: { type: 'string', required: true, input: false } },
    },
    session: { modelName: 'session', expiresIn: sessionDays * day, updateAge: day },
    account: {
      modelName: 'credential',
      encryptOAuthTokens: true,
      accountLinking: { enabled: true, trustedProviders: [] },
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
    ...providersOf(settings),
    databaseHooks: invitedOnly(parts),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: { errorURL: `${settings.publicOrigin}/sign-in` },
    advanced: {
      database: { generateId: 'uuid' },
      cookiePrefix: secure ? '__Host-imprint' : 'imprint',
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
    },
  })
}

/** Whoever comes by a provider needs an account already, or an invitation for that address. */
function invitedOnly({ newcomer, arrived }: AuthParts) {
  return {
    user: {
      create: {
        before: async (user: { email: string; name: string }) => {
          const found = await newcomer(user.email, user.name)
          if (found === null)
            throw new APIError('FORBIDDEN', {
              code: 'INVITATION_NEEDED',
              message: 'Nobody invited this address.',
            })
          return { data: { ...user, ...found } }
        },
        after: async (user: { id: string; email: string }) => arrived(user.id, user.email),
      },
    },
  }
}

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
    plugins: oidc
      ? [
          genericOAuth({
            config: [
              {
                ...{ providerId: 'oidc', scopes: ['openid', 'email', 'profile'], pkce: true },
                ...keys(oidc),
                discoveryUrl: `${oidcIssuer?.replace(/\/$/, '')}/.well-known/openid-configuration`,
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
