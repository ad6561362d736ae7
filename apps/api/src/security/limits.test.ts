// What a request may cost, hold and say, over HTTP and over WebSocket: each limit of docs/security.md, hit once.
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { readEnvironment } from '../env.js'
import { guardOperation, parseGuarded } from '../graphql-guard.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, keyOf, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { authRoutes } from './auth-routes.js'

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

/** One message over a fresh socket that said hello -> the code of the error that comes back. */
async function overSocket(query: string, variables: object = {}): Promise<string> {
  const socket = new WebSocket(api.webSocketUrl, 'graphql-transport-ws', {
    headers: { cookie: owner.cookies },
  })
  return new Promise((resolve) => {
    socket.on('close', (code) => resolve(`closed ${code}`))
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; payload?: unknown }
      if (message.type === 'connection_ack')
        return socket.send(
          JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }),
        )
      resolve(JSON.stringify(message))
      socket.terminate()
    })
  })
}

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
    const answer = await overSocket(query.replace(/^\{/, 'subscription {'))
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

describe('bodies', () => {
  const send = (
    body: NonNullable<RequestInit['body']>,
    headers: Record<string, string>,
    method = 'POST',
  ) => fetch(`${api.url}/graphql`, { method, headers, ...(method === 'GET' ? {} : { body }) })
  const json = { 'content-type': 'application/json' }
  const ready = '{"query":"{ server { ready } }"}'

  it.each([
    ['an array of operations', `[${ready},${ready}]`, json, 400],
    ['plain text', ready, { 'content-type': 'text/plain' }, 400],
    [
      'a form',
      'query={server{ready}}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
    ],
    ['UTF-7', ready, { 'content-type': 'application/json; charset=utf-7' }, 415],
    ['Shift JIS', ready, { 'content-type': 'application/json; charset=shift_jis' }, 415],
    ['257 kB', JSON.stringify({ query: `#${'x'.repeat(257 * 1024)}` }), json, 413],
    [
      'a gzip bomb',
      gzipSync(Buffer.alloc(50 * 2 ** 20, 32)),
      { ...json, 'content-encoding': 'gzip' },
      413,
    ],
  ] as const)('%s', async (_what, body, headers, status) => {
    const response = await send(body as NonNullable<RequestInit['body']>, headers)
    expect(response.status).toBe(status)
    expect(await response.text()).not.toMatch(/node_modules|\.ts:|at \w+ \(/)
  })

  it('ten thousand wrong values are answered briefly', async () => {
    const { status, body } = await askWith(
      api,
      { cookie: owner.cookies },
      'query($kinds: [AnchorKind!]!) { me { via } a: __typename @skip(if: false) }'
        .replace('$kinds: [AnchorKind!]!', '$input: CreateApiKeyInput!')
        .replace('me {', 'x: me {'),
      { input: { name: 'x', scopes: Array.from({ length: 10_000 }, () => 'NONE') } },
    )
    expect(status).toBe(400)
    expect(body.errors?.length).toBeLessThanOrEqual(10)
    expect(JSON.stringify(body).length).toBeLessThan(50_000)
  })

  it('keys such as __proto__ change no prototype', async () => {
    const body =
      '{"query":"mutation($input: SavePromptInput!) { savePrompt(input: $input) { errors { code } } }","variables":{"input":{"text":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}'
    await send(body, { ...json, cookie: owner.cookies })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('what an answer tells', () => {
  it('no name of the schema that was not asked', async () => {
    for (const query of [
      '{ promts { totalCount } }',
      '{ me { emial } }',
      'mutation { signin { me { via } } }',
    ]) {
      const { body } = await askWith(api, {}, query)
      expect(JSON.stringify(body)).not.toMatch(/Did you mean|prompts"|email|signIn/)
    }
    expect(await overSocket('subscription { comentsChanged { id } }')).not.toMatch(
      /Did you mean|commentsChanged/,
    )
  })

  it('the schema to an API key', async () => {
    const { authorization } = await keyOf(owner, ['read'])
    const { body } = await askWith(api, { authorization }, '{ __schema { queryType { name } } }')
    expect(body.data.__schema.queryType.name).toBe('Query')
  })

  it('headers that keep pages of others out, on every route', async () => {
    for (const path of ['/graphql', '/healthz', '/api/runs/x/vectors.safetensors', '/nothing']) {
      const { headers } = await fetch(`${api.url}${path}`, {
        headers: { origin: 'https://evil.example' },
      })
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe-inline/)
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
    }
    const ours = api.environment.webOrigins[0] as string
    const { headers } = await fetch(`${api.url}/graphql`, { headers: { origin: ours } })
    expect(headers.get('access-control-allow-origin')).toBe(ours)
    expect(headers.get('access-control-allow-credentials')).toBe('true')
  })

  it('that an operation took too long, and when', async () => {
    const hurried = await startTestApi({
      singleUser: true,
      variables: { IMPRINT_OPERATION_SECONDS: '0.3' },
    })
    try {
      hurried.services.prompts.tags = () => new Promise((resolve) => setTimeout(resolve, 1_500, []))
      const begun = Date.now()
      const { status, body } = await askWith(hurried, {}, '{ promptTags }')
      expect([status, body.errors?.[0]?.extensions?.['code']]).toEqual([503, 'TIMEOUT'])
      expect(Date.now() - begun).toBeLessThan(1_400)
      const { rows } = await hurried.database.pool.query('SHOW statement_timeout')
      expect(rows[0].statement_timeout).toBe('8s')
    } finally {
      await hurried.stop()
    }
  })
})

describe('a socket', () => {
  const open = (options: object, protocol = 'graphql-transport-ws') =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(api.webSocketUrl, protocol, options)
      socket.on('unexpected-response', (_request, response) =>
        resolve(`status ${response.statusCode}`),
      )
      socket.on('close', (code) => resolve(`closed ${code}`))
      socket.on('error', () => undefined)
    })
  it('of a page of others is not opened', async () => {
    expect(await open({ headers: { origin: 'https://evil.example' } })).toBe('status 403')
  })
  it('serves neither queries nor mutations', async () => {
    expect(await overSocket('{ me { via } }')).toContain('NOT_A_SUBSCRIPTION')
    expect(await overSocket('mutation { signOut { me { via } } }')).toContain('NOT_A_SUBSCRIPTION')
  })
  it('to another host than the API is not a proxy', async () => {
    const status = await new Promise((resolve) => {
      const { hostname, port } = new URL(api.url)
      const headers = { host: '169.254.169.254', connection: 'Upgrade', upgrade: 'websocket' }
      const sent = request(
        { hostname, port, path: 'http://169.254.169.254/graphql', headers },
        (response) => resolve(response.statusCode),
      )
      sent.once('upgrade', () => resolve('upgraded'))
      sent.once('error', () => resolve('closed'))
      sent.end()
    })
    expect([421, 404, 400, 'closed']).toContain(status)
  })
})

describe('the start', () => {
  const base = { DATABASE_URL: 'postgresql://x/y' }
  it('is refused to a single user whom others could reach', () => {
    const start = () =>
      readEnvironment({ ...base, IMPRINT_SINGLE_USER: '1', IMPRINT_API_HOST: '0.0.0.0' })
    expect(start).toThrow(expect.objectContaining({ code: 'SINGLE_USER_NOT_LOCAL' }))
  })
  it('is refused with half a provider, and serves only the routes of whole ones', () => {
    expect(() => readEnvironment({ ...base, IMPRINT_GITHUB_ID: 'x' })).toThrow(
      expect.objectContaining({ code: 'PROVIDER_INCOMPLETE' }),
    )
    const { accountSettings } = readEnvironment({
      ...base,
      IMPRINT_GITHUB_ID: 'x',
      IMPRINT_GITHUB_SECRET: 'y',
    })
    expect(authRoutes(accountSettings)).toEqual([
      ['post', '/api/auth/sign-in/social'],
      ['get', '/api/auth/callback/github'],
    ])
    expect(authRoutes(readEnvironment(base).accountSettings)).toEqual([])
  })
  it('gives https a cookie that no other host can set', async () => {
    const safe = await startTestApi({
      singleUser: false,
      variables: { IMPRINT_PUBLIC_ORIGIN: 'https://imprint.example' },
    })
    try {
      const { cookies } = await askWith(
        safe,
        {},
        'mutation { setUpOwner(input: { name: "O", email: "o@example.org", password: "four quiet words" }) { errors { code } } }',
      )
      expect(cookies).toHaveLength(1)
      expect(cookies[0]).toMatch(
        /^__Host-imprint\.session_token=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      )
      expect(cookies[0]).not.toMatch(/Domain/i)
    } finally {
      await safe.stop()
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
