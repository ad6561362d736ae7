// Names of actions and ways to say who one is: GraphQL and PostgreSQL on the left, the words of the access table on the right.
import type { Action } from '../access/roles.js'
import type { Via } from '../features/account/viewer.js'
import { defineNamedValues } from './named-values.js'
import type { NamedValues } from './named-values.js'

export { roleNames } from './role-names.js'
export type { RoleKey } from './role-names.js'
export type ActionKey = Uppercase<Action>
export type ViaKey = 'SINGLE_USER' | 'SESSION' | 'API_KEY' | 'SHARE_LINK' | 'ANONYMOUS'

export const actionNames: NamedValues<ActionKey, Action> = defineNamedValues(
  'Action',
  'A kind of operation; roles and the scopes of API keys allow some of them.',
  {
    READ: { engine: 'read', description: 'See everything of the project.' },
    ANNOTATE: { engine: 'annotate', description: 'Annotations, comments, collections, links.' },
    COMPUTE: { engine: 'compute', description: 'Prompts, runs, edits, data sets, evaluations.' },
    REVIEW: { engine: 'review', description: 'Decide a review.' },
    ADMINISTER: { engine: 'administer', description: 'People, projects, the audit log.' },
  },
)

export const viaNames: NamedValues<ViaKey, Via> = defineNamedValues(
  'Via',
  'How a request says who it is.',
  {
    SINGLE_USER: { engine: 'single-user', description: 'The one local user.' },
    SESSION: { engine: 'session', description: 'Signed in.' },
    API_KEY: { engine: 'api-key', description: 'An API key.' },
    SHARE_LINK: { engine: 'share-link', description: 'A read-only link.' },
    ANONYMOUS: { engine: 'anonymous', description: 'A visitor.' },
  },
)
