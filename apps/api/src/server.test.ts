import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestApi } from './testing/test-api.js'
import type { TestApi } from './testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const ready = JSON.stringify({ query: '{ server { ready user project version } }' })
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/graphql`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })

/** fetch does not let a caller name the host. */
const statusWithHost = (headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${api.url}/healthz`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.once('error', reject).end()
  })

describe('the HTTP side', () => {
  it('answers a query as the local user', async () => {
    const { data } = (await (await post(ready)).json()) as { data: unknown }
    expect(data).toEqual({
      server: {
        ready: true,
        user: 'You',
        project: 'Demo',
        version: expect.stringMatching(/^\d+\./),
      },
    })
  })

  it('says whether it lives and whether it is ready', async () => {
    const health = await (await fetch(`${api.url}/healthz`)).json()
    expect(health).toMatchObject({ status: 'ok', processId: process.pid })
    const readiness = await (await fetch(`${api.url}/readyz`)).json()
    expect(readiness).toMatchObject({
      ...{ status: 'ready', workers: 0 },
      checks: {
        database: { ok: true, milliseconds: expect.any(Number) },
        migrations: { ok: true, missing: [] },
        workers: { ok: false, alive: 0 },
      },
    })
  })

  it('takes no GET, no forms, no plain text and no batches', async () => {
    expect((await fetch(`${api.url}/graphql?query={server{ready}}`)).status).toBe(405)
    expect((await post(ready, { 'content-type': 'text/plain' })).status).toBe(400)
    expect(
      (await post('query={server{ready}}', { 'content-type': 'application/x-www-form-urlencoded' }))
        .status,
    ).toBe(400)
    expect((await post(`[${ready},${ready}]`)).status).toBe(400)
  })

  it('limits bodies and refuses broken ones without showing its inside', async () => {
    const large = await post(
      JSON.stringify({ query: '{ server { ready } }', variables: { x: 'x'.repeat(257 * 1024) } }),
    )
    expect(large.status).toBe(413)
    const broken = await post('{"query":')
    expect(broken.status).toBe(400)
    expect(await broken.text()).not.toMatch(/node_modules|SyntaxError|\/src\//)
    expect((await post(ready, { 'content-type': 'application/json; charset=utf-7' })).status).toBe(
      415,
    )
  })

  it('lets pages of the web app read answers, and no others', async () => {
    const allowed = async (origin: string) =>
      (await post(ready, { origin })).headers.get('access-control-allow-origin')
    expect(await allowed('http://localhost:3000')).toBe('http://localhost:3000')
    expect(await allowed('http://evil.example')).toBeNull()
  })

  it('answers under its own names only', async () => {
    expect(await statusWithHost({ host: 'localhost:4000' })).toBe(200)
    expect(await statusWithHost({ host: 'evil.example' })).toBe(421)
    expect(await statusWithHost({ host: 'localhost', 'x-forwarded-host': 'evil.example' })).toBe(
      421,
    )
  })

  it('carries security headers and not its name', async () => {
    const { headers } = await post(ready)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it('guards depth and cost with a code', async () => {
    const costly = '{ lensRuns(first: 100) { edges { node { grid(matrix: MLP_UP) { norm } } } } }'
    const { errors } = await api.graphql(costly)
    expect(errors?.[0]?.extensions?.['code']).toBe('TOO_COSTLY')
    const { errors: many } = await api.graphql(`{ ${'server { ready } '.repeat(600)} }`)
    expect(many?.[0]?.extensions?.['code']).toBe('GRAPHQL_PARSE_FAILED')
  })

  it('limits the errors of bad variables', async () => {
    const query =
      'query($s: [Int!]) { lensRuns(first: 1) { totalCount } a: facts(search: "", first: 1) { prompt } }'
    const { errors } = await api.graphql(query.replace('$s: [Int!]', '$s: [Int!]'), {
      s: Array.from({ length: 10_000 }, () => 'x'),
    })
    expect(errors?.length ?? 0).toBeLessThanOrEqual(11)
  })

  it('masks what it did not expect, with an id', async () => {
    const spy = vi
      .spyOn(api.services.runs, 'page')
      .mockRejectedValue(new Error('ENOENT /root/secret'))
    const { errors } = await api.graphql('{ lensRuns { totalCount } }')
    spy.mockRestore()
    expect(errors?.[0]?.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(JSON.stringify(errors)).not.toContain('secret')
  })

  it('answers for an unknown run’s vectors with 404', async () => {
    expect((await fetch(`${api.url}/api/runs/nothing/vectors.safetensors`)).status).toBe(404)
    expect(
      (await fetch(`${api.url}/api/runs/..%2f..%2fetc%2fpasswd/vectors.safetensors`)).status,
    ).toBe(404)
  })
})

describe('models and tokens', () => {
  it('lists models by cursor with what a page needs to know', async () => {
    const { data } = await api.graphql(
      '{ models(first: 1) { totalCount pageInfo { hasNextPage } edges { node { name layers contextLength matrices hasTokenizer available unavailableReason dtype } } } }',
    )
    expect(data.models).toMatchObject({ totalCount: 1, pageInfo: { hasNextPage: false } })
    expect(data.models.edges[0].node).toMatchObject({
      name: 'tiny-bytes',
      layers: 2,
      contextLength: 64,
      available: true,
      unavailableReason: null,
      dtype: 'F32',
    })
    expect(data.models.edges[0].node.matrices).toEqual([
      'ATTENTION_QUERY',
      'ATTENTION_KEY',
      'ATTENTION_VALUE',
      'ATTENTION_OUTPUT',
      'MLP_UP',
      'MLP_DOWN',
    ])
  })

  const tokenize = async (text: string, kind: string) =>
    (
      await api.graphql(
        'query($id: ID!, $text: String!, $kind: TokenizeKind) { tokenize(modelId: $id, text: $text, kind: $kind) { text count tooLong notice tokens { id text start end } } }',
        { id: api.modelId, text, kind },
      )
    ).data.tokenize

  it('tokenises prompts as they are and targets with a leading space', async () => {
    expect(await tokenize('Hi', 'PROMPT')).toMatchObject({
      text: 'Hi',
      count: 2,
      tooLong: false,
      notice: null,
    })
    const target = await tokenize('Hi', 'TARGET')
    expect(target).toMatchObject({
      text: ' Hi',
      count: 3,
      notice: expect.stringContaining('leading space'),
    })
    expect(target.tokens[1]).toMatchObject({ text: 'H', start: 1, end: 2 })
    expect(await tokenize('x'.repeat(65), 'PROMPT')).toMatchObject({ count: 65, tooLong: true })
    expect(await tokenize('', 'TARGET')).toMatchObject({ count: 0, text: '' })
    expect(await tokenize('a\ud800', 'PROMPT')).toMatchObject({
      count: 0,
      notice: expect.stringContaining('surrogate'),
    })
  })

  it('says that a model is unknown', async () => {
    const { errors } = await api.graphql('{ tokenize(modelId: "x", text: "y") { count } }')
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'MODEL_NOT_FOUND', field: 'modelId' })
  })

  it('computes nothing here: ONNX Runtime is not in this process', () => {
    const report = process.report.getReport() as unknown as { sharedObjects: string[] }
    expect(report.sharedObjects.filter((name) => name.includes('onnxruntime'))).toEqual([])
  })
})
