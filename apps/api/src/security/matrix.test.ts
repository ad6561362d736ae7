// Every operation x every kind of asker, over real requests: who may is decided by the table, and by nothing else.
import { getNamedType, getNullableType, isListType, isNonNullType } from 'graphql'
import type { GraphQLOutputType } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { operations } from '../access/operations.js'
import { roleActions, roles } from '../access/roles.js'
import type { Action, Requirement, Role } from '../access/roles.js'
import { isWithinLink } from '../access/shared-operations.js'
import type { Values } from '../access/shared-operations.js'
import { thingsOf } from '../access/shared-things.js'
import { fileRoutes } from '../file-routes.js'
import { nobody } from '../features/account/viewer.js'
import type { Viewer } from '../features/account/viewer.js'
import { buildImprintSchema } from '../schema.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, joinAs, keyOf, setUpOwner, shareOf } from '../testing/test-people.js'
import type { Headers, TestPerson } from '../testing/test-people.js'
import { operationFor, rootFieldsOf } from './testing/schema-values.js'

interface Asker {
  readonly name: string
  readonly headers: Headers
  readonly actions: readonly Action[]
  readonly signedIn: boolean
}

const schema = buildImprintSchema()
/** Entering and leaving would end what the others ask with; they have tests of their own. */
const apart = ['setUpOwner', 'signUp', 'signIn', 'signOut', 'removeMember', 'changeRole']
/** What awaits does so for seconds. */
const slow = ['awaitEvaluation', 'awaitLensRun']

let api: TestApi
let owner: TestPerson
const askers: Asker[] = []
beforeAll(async () => {
  api = await startTestApi({
    singleUser: false,
    variables: { IMPRINT_COST_PER_MINUTE: '100000000' },
  })
  owner = await setUpOwner(api)
  for (const role of roles) {
    const person = role === 'admin' ? owner : await joinAs(api, owner, role)
    const actions = roleActions[role as Role]
    askers.push({ name: role, headers: { cookie: person.cookies }, actions, signedIn: true })
  }
  const reader = await keyOf(owner, ['read'])
  const narrow = { authorization: reader.authorization }
  askers.push({ name: 'read-only key', headers: narrow, actions: ['read'], signedIn: true })
  const { token } = await shareOf(owner)
  const link = { 'x-imprint-share': token }
  askers.push({ name: 'share link', headers: link, actions: ['read'], signedIn: false })
  askers.push({ name: 'visitor', headers: {}, actions: [], signedIn: false })
})
afterAll(() => api.stop())

const mayBe = ({ actions, signedIn }: Asker, needed: Requirement): boolean =>
  needed === 'nothing' || (needed === 'account' ? signedIn : actions.includes(needed))

const runsLink = { via: 'share-link', shared: thingsOf('/runs') } as unknown as Viewer
/** What a link does not show is refused where there is no empty answer. */
const isShown = ({ name }: Asker, operation: string, values: Values): boolean =>
  name !== 'share link' || isWithinLink(runsLink, operation, values)
const canBeEmpty = (type: GraphQLOutputType): boolean =>
  !isNonNullType(type) ||
  isListType(getNullableType(type)) ||
  getNamedType(type).name.endsWith('Connection')

/** Answers that no well-formed question may get. */
const unsound = ['INTERNAL_SERVER_ERROR', 'GRAPHQL_VALIDATION_FAILED']
const refusals = ['FORBIDDEN', 'SIGN_IN_REQUIRED']

describe.each(['Query', 'Mutation'] as const)('%s', (kind) => {
  const fields = rootFieldsOf(schema, kind).filter(
    ({ name }) => !apart.includes(name) && !slow.includes(name),
  )
  it.each(fields.map((field) => [field.name, field] as const))('%s', async (name, field) => {
    const needed = operations[`${kind}.${name}`] as Requirement
    const { query, variables } = operationFor(kind, field, () => nobody, 0)
    await Promise.all(
      askers.map(async (asker) => {
        const { body } = await askWith(api, asker.headers, query, variables)
        const code = body.errors?.[0]?.extensions?.['code'] as string | undefined
        const refused = code !== undefined && refusals.includes(code)
        const shown = canBeEmpty(field.type) || isShown(asker, `${kind}.${name}`, variables)
        expect(`${asker.name} ${refused}`).toBe(`${asker.name} ${!(shown && mayBe(asker, needed))}`)
        if (refused) expect(body.data?.[name] ?? null).toBeNull()
        expect(unsound, JSON.stringify(body)).not.toContain(code)
        expect(body.errors?.[0]?.message ?? '').not.toMatch(/^Variable /)
      }),
    )
  })
})

describe('Subscription', () => {
  const fields = rootFieldsOf(schema, 'Subscription')
  it.each(fields.map((field) => [field.name, field] as const))('%s', async (name, field) => {
    const needed = operations[`Subscription.${name}`] as Requirement
    const { query, variables } = operationFor('Subscription', field, () => nobody, 0)
    await Promise.all(
      askers.map(async (asker) => {
        const may = mayBe(asker, needed) && isShown(asker, `Subscription.${name}`, variables)
        const patience = may ? 150 : 10_000
        const code = await firstAnswer(asker.headers, { query, variables }, patience)
        const refused = refusals.includes(code)
        expect(`${asker.name} ${refused}`).toBe(`${asker.name} ${!may}`)
      }),
    )
  })

  /** The code of an error that ends it, or `silent` when nothing came for a moment. */
  async function firstAnswer(
    headers: Headers,
    payload: { query: string; variables: Record<string, unknown> },
    patience: number,
  ): Promise<string> {
    class Socket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers })
      }
    }
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: Socket, retryAttempts: 0 })
    const silent = new Promise<string>((resolve) => setTimeout(resolve, patience, 'silent'))
    const first = new Promise<string>((resolve) =>
      client.subscribe(payload, {
        next: ({ errors }) => resolve(String(errors?.[0]?.extensions?.['code'] ?? 'data')),
        error: (errors) =>
          resolve(String((errors as { extensions?: { code?: string } }[])[0]?.extensions?.code)),
        complete: () => resolve('complete'),
      }),
    )
    const answer = await Promise.race([first, silent])
    void client.dispose()
    return answer
  }
})

describe('files', () => {
  const routes = Object.keys(fileRoutes({ uploads: {} } as never, { webOrigins: [] }))

  it('the table has every route', () => {
    const known = Object.keys(operations).filter((name) => /^(GET|POST) /.test(name))
    expect(known.sort()).toEqual([...routes].sort())
  })

  it.each(routes)('%s', async (operation) => {
    const [method = '', path = ''] = operation.split(' ')
    const url = `${api.url}${path.replace(':id', nobody).replace(':file', 'rows.csv')}`
    for (const asker of askers) {
      const { status } = await fetch(url, { method, headers: asker.headers })
      const refused = status === 401 || (status === 403 && method === 'GET')
      const shown = isShown(asker, operation, { id: nobody })
      const may = shown && mayBe(asker, operations[operation] as Requirement)
      if (method === 'GET') expect(`${asker.name} ${refused}`).toBe(`${asker.name} ${!may}`)
      else expect(`${asker.name} ${[401, 403].includes(status)}`).toBe(`${asker.name} true`)
    }
  })
})
