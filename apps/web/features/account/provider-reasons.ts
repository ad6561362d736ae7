// Providers by name, and why a way back from one ended with `?error=CODE`, for the pages of signing in and of the settings.
import type { Complaint } from '../edits/complaint'

const NAMES: Readonly<Record<string, string>> = {
  github: 'GitHub',
  google: 'Google',
  microsoft: 'Microsoft',
  gitlab: 'GitLab',
  oidc: 'your organisation',
}

/** As it stands within a sentence. */
export const providerName = (provider: string): string =>
  (Object.hasOwn(NAMES, provider) ? NAMES[provider] : undefined) ?? provider

const REASONS: Readonly<Record<string, readonly [title: string, cure: string]>> = {
  INVITATION_NEEDED: [
    'Nobody invited this address.',
    'Ask an admin of the team for an invitation to exactly the address that the provider knows.',
  ],
  ADDRESS_NOT_VERIFIED: [
    'The provider does not say that this address is yours.',
    'Confirm your address there, then try again.',
  ],
  ACCOUNT_NOT_LINKED: [
    'There is an account with this address already.',
    'Sign in with its password, then link the provider under Settings.',
  ],
  PROVIDER_ACCOUNT_TAKEN: [
    'Who you are at the provider belongs to another account here.',
    'Sign in with it, or sign out at the provider and choose another there.',
  ],
  LINK_NOT_YOURS: [
    'Somebody else began this link, or the session that began it has ended.',
    'Sign in, then begin again under Settings.',
  ],
  SIGN_IN_EXPIRED: ['This way in has ended, or was begun in another window.', 'Begin again.'],
  SIGN_IN_PROVIDER_UNREACHABLE: [
    'The provider does not answer.',
    'Try again in a while, or tell whoever runs this server.',
  ],
}
const REFUSED = ['The provider did not confirm who you are.', 'Try again.'] as const

/** A code that is none of ours says no more than that it was refused. */
export function reasonOf(said: string): Complaint & { readonly code: string } {
  const known = Object.hasOwn(REASONS, said) ? REASONS[said] : undefined
  const [message, cure] = known ?? REFUSED
  return { message, cure, code: known ? said : 'SIGN_IN_REFUSED' }
}
