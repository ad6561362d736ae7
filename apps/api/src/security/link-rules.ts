// When a provider's identity is joined to an account: by itself where both sides have seen the address, and by hand for whoever is signed in.
import type { BetterAuthOptions } from 'better-auth'
import { getAuthoritativeSessionFromCtx, getOAuthState } from 'better-auth/api'
import type { AccountSettings } from './account-settings.js'

/** What better-auth is for: passwords and sessions, signing in by a provider, or linking one from the settings. */
export type AuthUse = 'alone' | 'with-providers' | 'linking'

type Linking = NonNullable<NonNullable<BetterAuthOptions['account']>['accountLinking']>
type Gate = NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']>

/** Also the start of the cookies' names; `__Host-`: no other host can set them. */
export const cookiePrefix = ({ publicOrigin }: AccountSettings): string =>
  publicOrigin.startsWith('https:') ? '__Host-imprint' : 'imprint'

/** The state of a link has a cookie of its own, so that neither way back takes the other's. */
export const linkCookie = (settings: AccountSettings): string =>
  `${cookiePrefix(settings)}.link_state`

/** Linking by hand asks nothing of the provider's address: the session says whose account it is. */
export function linkingOf(use: AuthUse, { providers }: AccountSettings): Linking {
  if (use !== 'linking')
    return { enabled: true, trustedProviders: [], requireLocalEmailVerified: true }
  return {
    ...{ enabled: true, trustedProviders: Object.keys(providers) },
    ...{ allowDifferentEmails: true, disableImplicitLinking: true },
  }
}

/**
 * better-auth asks whether the session that began a link still lives, not who sits in front of the browser that ends it. Here
 * they must be the same person: a link that somebody else began would give them the identity of whoever finishes it.
 */
export function gateOf(use: AuthUse): Gate {
  return async ({ user, source }, context) => {
    const begun = (await getOAuthState())?.link
    if (use !== 'linking') return begun === undefined ? undefined : { error: 'LINK_NOT_YOURS' }
    if (begun === undefined || source.action !== 'link-account') return { error: 'LINK_NOT_YOURS' }
    const session = await getAuthoritativeSessionFromCtx(context)
    if (session === null || session.user.id !== begun.userId) return { error: 'LINK_NOT_YOURS' }
    // Whoever has no address there could not sign in by it.
    return user.email ? undefined : { error: 'ADDRESS_NOT_VERIFIED' }
  }
}
