// Address of an OpenID Connect issuer -> whether it answers as itself just now. Asked before better-auth is, which waits without end.
import { UserFailure } from '../errors/user-failure.js'

const patience = 5_000

export const discoveryAddress = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

/**
 * Reads the discovery document and looks whether it is that issuer's (OpenID Connect Discovery 1.0, section 4.3).
 * @throws UserFailure SIGN_IN_PROVIDER_UNREACHABLE when nothing useful comes within 5 seconds
 */
export async function requireIssuer(issuer: string): Promise<void> {
  const said = await readIssuer(issuer)
  if (said !== null && withoutSlash(said) === withoutSlash(issuer)) return
  throw providerUnreachable()
}

export const providerUnreachable = (): UserFailure =>
  new UserFailure('SIGN_IN_PROVIDER_UNREACHABLE', 'The provider does not answer as it should.', {
    cure: 'Try again in a while, or sign in with a password. If it stays so, tell whoever runs the server.',
  })

async function readIssuer(issuer: string): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(patience)
    const answer = await fetch(discoveryAddress(issuer), { signal, redirect: 'error' })
    const document: unknown = answer.ok ? await answer.json() : null
    const said = (document as { readonly issuer?: unknown } | null)?.issuer
    return typeof said === 'string' ? said : null
  } catch {
    return null
  }
}

const withoutSlash = (address: string): string => address.replace(/\/$/, '')
