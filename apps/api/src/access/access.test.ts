import { describe, expect, it } from 'vitest'
import type { Viewer } from '../features/account/viewer.js'
import { nobody } from '../features/account/viewer.js'
import { buildImprintSchema } from '../schema.js'
import { authorize, meets } from './authorize.js'
import { operations } from './operations.js'
import { actions, roleActions, roles } from './roles.js'
import type { Requirement } from './roles.js'

const schema = buildImprintSchema()
const rootFields = [
  schema.getQueryType(),
  schema.getMutationType(),
  schema.getSubscriptionType(),
].flatMap((type) => Object.keys(type?.getFields() ?? {}).map((name) => `${type?.name}.${name}`))

const member: Viewer = {
  ...{ userId: nobody, userName: 'A', projectId: nobody, projectName: 'P', teamId: nobody },
  ...{ role: 'viewer', via: 'session', isMember: true, scopes: null, credentialId: nobody },
}

const codeOf = (work: () => void): string => {
  try {
    work()
    return 'allowed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('the table of operations', () => {
  it('has every root field of the schema', () => {
    expect(rootFields.filter((field) => operations[field] === undefined)).toEqual([])
  })

  it.each(rootFields)('%s is refused to those whose role lacks what it needs', (operation) => {
    const requirement = operations[operation] as Requirement
    for (const role of [...roles, null]) {
      const viewer = { ...member, role }
      const has = role !== null && (roleActions[role] as readonly string[]).includes(requirement)
      const allowed = requirement === 'nothing' || requirement === 'account' || has
      expect(codeOf(() => authorize(viewer, operation))).toBe(allowed ? 'allowed' : 'FORBIDDEN')
    }
  })

  it('writes need more than reading, but for signing in', () => {
    const free = rootFields.filter(
      (field) => field.startsWith('Mutation.') && ['read', 'nothing'].includes(operations[field]!),
    )
    const entrances = ['setUpOwner', 'signUp', 'signIn', 'signOut'].map((one) => `Mutation.${one}`)
    expect(free.filter((field) => !entrances.includes(field))).toEqual([])
  })

  it('an operation that no table has is refused to everyone', () => {
    expect(codeOf(() => authorize({ ...member, role: 'admin' }, 'Mutation.other'))).toBe(
      'FORBIDDEN',
    )
  })
})

describe('a viewer', () => {
  it('without an account is told to sign in', () => {
    const visitor = { ...member, via: 'anonymous' } as const
    expect(codeOf(() => authorize(visitor, 'Mutation.savePrompt'))).toBe('SIGN_IN_REQUIRED')
    expect(codeOf(() => authorize(visitor, 'Query.prompts'))).toBe('allowed')
  })

  it.each(actions)('whose key has only the scope %s may do only that', (scope) => {
    const narrowed: Viewer = { ...member, role: 'admin', via: 'api-key', scopes: [scope] }
    for (const action of actions) expect(meets(narrowed, action)).toBe(action === scope)
  })

  it('gets no more by a scope than the role has', () => {
    const viewer: Viewer = { ...member, via: 'api-key', scopes: [...actions] }
    expect(actions.filter((action) => meets(viewer, action))).toEqual(['read'])
  })
})
