// What each scope of an API key allows, in words.
import type { Action } from '../../graphql/generated/graphql'
import type { Me } from '../account/viewer'

export const SCOPES: ReadonlyArray<readonly [scope: Action, allows: string]> = [
  ['READ', 'everything of the project that you may see, and downloads'],
  ['ANNOTATE', 'annotations, comments, reactions, collections, share links'],
  ['COMPUTE', 'prompts, runs, edits, evaluations, data sets, models'],
  ['REVIEW', 'decisions on reviews'],
  ['ADMINISTER', 'people, invitations, projects, the audit log'],
]

/** Why the scope would be of no use; null when it can be given. */
export function scopeRefusal(me: Me, scope: Action): string | null {
  if (me.actions.includes(scope)) return null
  return `Your role (${(me.role ?? 'none').toLowerCase()}) has no such right to give.`
}

export const EXPIRIES: ReadonlyArray<readonly [days: string, name: string]> = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
  ['', 'never'],
]

export const daysOf = (choice: string): number | null => (choice === '' ? null : Number(choice))

export type Standing = 'live' | 'revoked' | 'expired'

/** Of a key, a link or an invitation. */
export function standingOf(
  item: { readonly revokedAt?: string | null; readonly expiresAt?: string | null },
  now: number,
): Standing {
  if (item.revokedAt) return 'revoked'
  return item.expiresAt && Date.parse(item.expiresAt) <= now ? 'expired' : 'live'
}
