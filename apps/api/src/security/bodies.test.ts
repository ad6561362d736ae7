// What a request may hold, and what its answer tells.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, keyOf, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { overSocket } from './testing/raw-socket.js'

let api: TestApi
let owner: TestPerson
beforeAll(async () => {
  api = await startTestApi({ singleUser: false })
  owner = await setUpOwner(api)
})
afterAll(() => api.stop())

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
    expect(
      await overSocket(api, { cookie: owner.cookies }, 'subscription { comentsChanged { id } }'),
    ).not.toMatch(/Did you mean|commentsChanged/)
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
