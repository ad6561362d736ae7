// What an operation may cost, over HTTP and over WebSocket: each limit of docs/security.md, hit once.
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardOperation, parseGuarded } from '../graphql-guard.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { overSocket } from './testing/raw-socket.js'

let api: TestApi
let owner: TestPerson
beforeAll(async () => {
  api = await startTestApi({ singleUser: false })
  owner = await setUpOwner(api)
})
afterAll(() => api.stop())

const nested = (depth: number): string =>
  depth === 0 ? 'name' : `team { projects { ${nested(depth - 1)} } }`
const doubling = (levels: number): string => {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`,
  )
  return `{ ...f0 } ${fragments.join(' ')} fragment f${levels} on Query { server { ready } }`
}
const spread = (times: number, body: string): string =>
  `{ ${'...f '.repeat(times)} } fragment f on Query { ${body} }`
const aliases = (count: number): string =>
  Array.from({ length: count }, (_, index) => `a${index}: server { ready }`).join(' ')
const hostile: readonly (readonly [what: string, query: string, code: RegExp])[] = [
  ['depth 11', `{ me { project { ${nested(5)} } } }`, /TOO_DEEP/],
  [
    'depth through a fragment used twice',
    `{ me { project { ...p team { projects { ...p } } } } } fragment p on Project { ${nested(4)} }`,
    /TOO_DEEP/,
  ],
  [
    'a fragment named __schema',
    `{ ...__schema } fragment __schema on Query { me { project { ${nested(5)} } } }`,
    /TOO_DEEP|VALIDATION/,
  ],
  ['31 aliases', `{ ${aliases(31)} }`, /TOO_MANY_ALIASES/],
  ['aliases of a fragment spread twice', spread(2, aliases(16)), /TOO_MANY_ALIASES/],
  [
    '21 directives',
    `{ ${Array.from({ length: 21 }, (_, index) => `server @include(if: ${index > -1}) { ready }`).join(' ')} }`,
    /TOO_MANY_DIRECTIVES/,
  ],
  [
    '1,000 spreads with @skip',
    `{ ${'...f @skip(if: false) '.repeat(1_000)} } fragment f on Query { server { ready } }`,
    /GRAPHQL_PARSE_FAILED|TOO_MANY/,
  ],
  [
    '21 spreads with @skip',
    `{ ${'...f @skip(if: false) '.repeat(21)} } fragment f on Query { server { ready } }`,
    /TOO_MANY_DIRECTIVES/,
  ],
  ['2,001 tokens', `{ ${'ready '.repeat(2_001)} }`, /GRAPHQL_PARSE_FAILED/],
  ['selections doubled 25 times', doubling(25), /TOO_MANY_FIELDS|GRAPHQL_VALIDATION_FAILED/],
  [
    'circular introspection',
    '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    /GRAPHQL_VALIDATION_FAILED/,
  ],
  ['a visitor’s introspection', '{ __schema { types { name } } }', /INTROSPECTION_OFF/],
  [
    'introspection beside a field',
    '{ server { ready } __type(name: "Query") { name } }',
    /INTROSPECTION_OFF/,
  ],
]

describe.each(hostile)('%s', (_what, query, code) => {
  it('is refused over HTTP, quickly', async () => {
    const before = process.memoryUsage().heapUsed
    const begun = performance.now()
    const { status, body } = await askWith(api, {}, query)
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * 2 ** 20)
    expect(status).toBe(400)
    expect(body.errors?.[0]?.extensions?.['code']).toMatch(code)
    expect(body.data).toBeUndefined()
  })

  it('is refused over WebSocket', async () => {
    const answer = await overSocket(
      api,
      { cookie: owner.cookies },
      query.replace(/^\{/, 'subscription {'),
    )
    expect(answer).toMatch(/"type":"error"|closed/)
    expect(answer).not.toContain('"type":"next"')
  })
})

describe('the cost of a page', () => {
  const query =
    'query($n: Int) { lensRuns(first: $n) { edges { node { id prompt model { name prompts: name } } } } }'
  it('counts the variable of this request, not of the one before', async () => {
    const nest =
      'query($n: Int) { models(first: $n) { edges { node { id name } } } prompts(first: $n) { edges { node { id runCount lastRun { id model { name } } } } } }'
    const small = await owner.graphql(nest, { n: 1 })
    expect(small.errors).toBeUndefined()
    const wide =
      'query($n: Int) { ' +
      Array.from(
        { length: 20 },
        (_, index) =>
          `p${index}: prompts(first: $n) { edges { node { id text note runCount author tags } } }`,
      ).join(' ') +
      ' }'
    expect((await owner.graphql(wide, { n: 1 })).errors).toBeUndefined()
    const huge = await owner.graphql(wide, { n: 1_000_000 })
    expect(huge.errors?.[0]?.extensions?.['code']).toBe('TOO_COSTLY')
    expect(query).toContain('$n')
  })

  it('a page has at most 100 rows, whatever is asked', async () => {
    await Promise.all(
      Array.from({ length: 105 }, (_, index) =>
        api.services.prompts.save(api.viewer, { text: `p${index}` }),
      ),
    )
    const { data } = await owner.graphql('{ prompts(first: 1000000) { edges { node { id } } } }')
    expect(data.prompts.edges).toHaveLength(100)
  })

  it('is a pool that refills each minute, with headers that say what is left', async () => {
    const small = await startTestApi({
      singleUser: false,
      variables: { IMPRINT_COST_PER_MINUTE: '300' },
    })
    try {
      const person = await setUpOwner(small)
      const ask = () =>
        askWith(small, { cookie: person.cookies }, '{ prompts(first: 100) { totalCount } }')
      const [first, , last] = [await ask(), await ask(), await ask()]
      expect(first.headers.get('ratelimit-limit')).toBe('300')
      expect(Number(first.headers.get('ratelimit-remaining'))).toBeLessThan(250)
      expect(Number(first.headers.get('ratelimit-reset'))).toBeGreaterThan(50)
      expect(last.status).toBe(429)
      expect(last.body.errors?.[0]?.extensions?.['code']).toBe('RATE_LIMITED')
      expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
      const key = await askWith(small, {}, '{ server { ready } }')
      expect(key.status).toBe(200)
    } finally {
      await small.stop()
    }
  })
})

it('the guard counts directives of every place', () => {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { a: { type: GraphQLString } } }),
  })
  const document = parseGuarded(`{ ${'... @include(if: true) { a } '.repeat(21)} }`)
  expect(() => guardOperation({ schema, document })).toThrow('too many directives')
})
