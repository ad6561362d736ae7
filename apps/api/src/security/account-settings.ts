// Environment variables of accounts -> who people are here: one local user, or people who sign in, and how.
import path from 'node:path'
import { z } from 'zod'

const provider = z.string().min(1).optional()

export const accountVariables = {
  IMPRINT_SINGLE_USER: z.enum(['0', '1']).default('0'),
  IMPRINT_PUBLIC_ORIGIN: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin)
    .optional(),
  IMPRINT_AUTH_SECRET: z.string().min(32).optional(),
  IMPRINT_TRUSTED_PROXIES: z.string().default(''),
  IMPRINT_GITHUB_ID: provider,
  IMPRINT_GITHUB_SECRET: provider,
  IMPRINT_GOOGLE_ID: provider,
  IMPRINT_GOOGLE_SECRET: provider,
  IMPRINT_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  IMPRINT_OIDC_ID: provider,
  IMPRINT_OIDC_SECRET: provider,
} as const

export type SignInProvider = 'github' | 'google' | 'oidc'

export interface ProviderSettings {
  readonly id: string
  readonly secret: string
}

export interface AccountSettings {
  /** Everyone who reaches the API is the local owner. */
  readonly singleUser: boolean
  /** Where people open Imprint; https makes the cookie `Secure`. */
  readonly publicOrigin: string
  /** Signs cookies; when absent one is made and kept in `secretFile`. */
  readonly secret: string | undefined
  readonly secretFile: string
  /** Addresses whose X-Forwarded-For is believed (`loopback`, or addresses and networks). */
  readonly trustedProxies: readonly string[]
  readonly providers: Readonly<Partial<Record<SignInProvider, ProviderSettings>>>
  readonly oidcIssuer: string | undefined
}

/** Why a server does not start with these settings. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

type Values = z.output<z.ZodObject<typeof accountVariables>>

/** @throws StartRefused SINGLE_USER_NOT_LOCAL where others could reach a server that knows no passwords */
export function readAccountSettings(
  values: Values,
  place: { readonly home: string; readonly local: boolean; readonly webPort: number },
): AccountSettings {
  const singleUser = values.IMPRINT_SINGLE_USER === '1'
  if (singleUser && !place.local)
    throw new StartRefused(
      'SINGLE_USER_NOT_LOCAL',
      'IMPRINT_SINGLE_USER=1 makes everyone the owner, so the API must not be reachable from elsewhere. ' +
        'Set IMPRINT_API_HOST=127.0.0.1, or leave IMPRINT_SINGLE_USER out and sign in.',
    )
  return {
    singleUser,
    publicOrigin: values.IMPRINT_PUBLIC_ORIGIN ?? `http://localhost:${place.webPort}`,
    secret: values.IMPRINT_AUTH_SECRET,
    secretFile: path.join(place.home, 'auth-secret'),
    trustedProxies: values.IMPRINT_TRUSTED_PROXIES.split(',')
      .map((word) => word.trim())
      .filter(Boolean),
    providers: readProviders(values),
    oidcIssuer: values.IMPRINT_OIDC_ISSUER,
  }
}

function readProviders(values: Values): AccountSettings['providers'] {
  const pairs = {
    github: [values.IMPRINT_GITHUB_ID, values.IMPRINT_GITHUB_SECRET],
    google: [values.IMPRINT_GOOGLE_ID, values.IMPRINT_GOOGLE_SECRET],
    oidc: [values.IMPRINT_OIDC_ID, values.IMPRINT_OIDC_SECRET],
  } as const
  return Object.fromEntries(
    Object.entries(pairs).flatMap(([name, [id, secret]]) => {
      if (id === undefined && secret === undefined) return []
      const issuerMissing = name === 'oidc' && values.IMPRINT_OIDC_ISSUER === undefined
      if (id !== undefined && secret !== undefined && !issuerMissing)
        return [[name, { id, secret }]]
      const prefix = `IMPRINT_${name.toUpperCase()}`
      const needed = name === 'oidc' ? `${prefix}_ISSUER, ${prefix}_ID` : `${prefix}_ID`
      throw new StartRefused('PROVIDER_INCOMPLETE', `Set ${needed} and ${prefix}_SECRET together.`)
    }),
  )
}
