// What the API and a worker tell about themselves, over real sockets and a real database.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import { readEnvironment } from '../env.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { silentLogger } from '../testing/test-database.js'
import { cached } from './answer-cache.js'
import { loggedError } from './log-error.js'
import { mayReadMetrics } from './metrics-access.js'
import { OperationNames } from './operation-names.js'
import { ReadinessRepository } from './readiness.repository.js'
import { inRequest, outsideRequests, requestFields, requestIdFrom } from './request-context.js'
import { startWorkerStatusServer } from './worker-status-server.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const metrics = async (url = api.url): Promise<string> => (await fetch(`${url}/metrics`)).text()
/** Value of the first line that begins so; null when there is none. */
const valueOf = (text: string, start: string): number | null => {
  const line = text.split('\n').find((one) => one.startsWith(start))
  return line === undefined ? null : Number(line.split(' ').at(-1))
}
const post = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('the id of a request', () => {
  it('is the caller’s where it is well-formed, else a new one', async () => {
    const answered = async (id: string) =>
      (await post({ query: '{ __typename }' }, { 'x-request-id': id })).headers.get('x-request-id')
    expect(await answered('trace-1.a:b')).toBe('trace-1.a:b')
    expect(await answered('has spaces {}')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await answered('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/)
    expect(requestIdFrom(['a', 'b'])).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('stays with everything a request starts, and with nothing else', async () => {
    const later = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return requestFields()
    }
    const [first, second] = await Promise.all([
      inRequest({ requestId: 'one' }, later),
      inRequest({ requestId: 'two', operation: 'Page' }, later),
    ])
    expect(first).toEqual({ requestId: 'one' })
    expect(second).toEqual({ requestId: 'two', operation: 'Page' })
    expect(requestFields()).toEqual({})
    expect(inRequest({ requestId: 'one' }, () => outsideRequests(requestFields))).toEqual({})
  })
})

describe('what the log shows of an error', () => {
  const logged = (error: Error): string => {
    let text = ''
    const sink = new Writable({ write: (chunk, _encoding, done) => done(((text += chunk), null)) })
    pino({ serializers: { err: loggedError } }, sink).error({ err: error }, 'failed')
    return text
  }

  it('names code, sentence and place, and leaves out what the user wrote', () => {
    const error = new LensEngineError(
      'PROMPT_TOO_LONG',
      'too long: "my secret \\"prompt\\" text" has 90 tokens',
      { details: { prompt: 'my secret prompt text', exitCode: 3, signal: 'SIGKILL' }, cure: '' },
    )
    const text = logged(error)
    expect(text).not.toContain('secret')
    expect(JSON.parse(text).err).toMatchObject({
      ...{ type: 'LensEngineError', code: 'PROMPT_TOO_LONG', signal: 'SIGKILL' },
      message: 'too long: "…" has 90 tokens',
      stack: expect.stringContaining('observability.test'),
    })
  })

  it('drops the values that a database quotes in its details', () => {
    const error = Object.assign(new Error('duplicate key'), {
      ...{ code: '23505', detail: 'Key (text)=(my secret) exists', parameters: ['my secret'] },
    })
    expect(logged(error)).not.toContain('secret')
    expect(JSON.parse(logged(error)).err).toMatchObject({ code: '23505', message: 'duplicate key' })
  })
})

describe('/metrics of the API', () => {
  it('counts operations by name, type and outcome', async () => {
    await post({ query: 'query ListOfRuns { lensRuns { totalCount } }' })
    await post({ query: 'query ListOfRuns { lensRuns { totalCount } }' })
    await post({ query: 'query Wrong { tokenize(modelId: "x", text: "y") { count } }' })
    await post({ query: '{ nonsense }' })
    const text = await metrics()
    const count = 'imprint_graphql_seconds_count'
    expect(valueOf(text, `${count}{operation="ListOfRuns",type="query",outcome="ok"}`)).toBe(2)
    expect(valueOf(text, `${count}{operation="Wrong",type="query",outcome="error"}`)).toBe(1)
    expect(valueOf(text, `${count}{operation="invalid",type="none",outcome="error"}`)).toBe(1)
    expect(valueOf(text, 'imprint_graphql_errors_total{code="MODEL_NOT_FOUND"}')).toBe(1)
  })

  it('tells of queue, pool, event loop and memory', async () => {
    const { id } = await api.services.lensRuns.create(api.viewer, {
      ...{ modelId: api.modelId, promptText: 'abc', targetText: 'd' },
    })
    const text = await eventually(metrics, (found) =>
      found.includes('imprint_queue_depth{kind="run",state="waiting"} 1'),
    )
    expect(valueOf(text, 'imprint_queue_depth{kind="batch",state="running"}')).toBe(0)
    expect(valueOf(text, 'imprint_database_connections{state="limit"}')).toBe(10)
    expect(valueOf(text, 'imprint_cases_per_second')).toBe(0)
    expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e7)
    await api.services.lensRuns.remove(api.viewer, id)
  })

  it('counts sockets and subscriptions, and forgets those that are gone', async () => {
    const { id } = await api.services.lensRuns.create(api.viewer, {
      ...{ modelId: api.modelId, promptText: 'abc', targetText: 'd' },
    })
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    const query = 'subscription($id: ID!) { lensRunProgress(runId: $id) { state } }'
    const stream = client.iterate({ query, variables: { id } })
    await stream.next()
    const open = await metrics()
    expect(valueOf(open, 'imprint_websockets')).toBe(1)
    expect(valueOf(open, 'imprint_subscriptions')).toBe(1)
    await client.dispose()
    await eventually(metrics, (text) => valueOf(text, 'imprint_subscriptions') === 0)
    await api.services.lensRuns.remove(api.viewer, id)
  })

  const seenFrom = (remoteAddress: string, headers: Record<string, string>, token?: string) =>
    mayReadMetrics({ socket: { remoteAddress }, headers } as never, token)

  it('is for this machine only, and not through a proxy on it', () => {
    expect(seenFrom('127.0.0.1', {})).toBe(true)
    expect(seenFrom('::ffff:127.0.0.1', {})).toBe(true)
    expect(seenFrom('10.0.0.7', {})).toBe(false)
    expect(seenFrom('127.0.0.1', { 'x-forwarded-for': '10.0.0.7' })).toBe(false)
  })

  it('is for whoever has the token once there is one', () => {
    const token = 'a-token-of-16-or-more'
    expect(seenFrom('10.0.0.7', { authorization: `Bearer ${token}` }, token)).toBe(true)
    expect(seenFrom('127.0.0.1', {}, token)).toBe(false)
    expect(seenFrom('127.0.0.1', { authorization: 'Bearer wrong' }, token)).toBe(false)
    const short = { DATABASE_URL: 'postgresql://x', IMPRINT_METRICS_TOKEN: 'short' }
    expect(() => readEnvironment(short)).toThrow('IMPRINT_METRICS_TOKEN')
  })

  it('keeps a bound on names, whatever callers invent', () => {
    const names = new OperationNames()
    expect(names.labelOf(undefined)).toBe('unnamed')
    expect(names.labelOf('x'.repeat(65))).toBe('other')
    const labels = new Set(Array.from({ length: 1_000 }, (_, index) => names.labelOf(`Q${index}`)))
    expect(labels.size).toBe(201)
    expect(names.labelOf('Q0')).toBe('Q0')
    expect(names.labelOf('Q999')).toBe('other')
  })

  it('asks the database once for many who ask together', async () => {
    let asked = 0
    const ask = cached(async () => (asked += 1), 50)
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await ask()).toBe(2)
    const failing = cached(async () => Promise.reject(new Error(String((asked += 1)))), 1_000)
    await expect(failing()).rejects.toThrow('3')
    await expect(failing()).rejects.toThrow('4')
  })
})

describe('readiness', () => {
  it('names migrations that the database lacks', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-migrations-'))
    mkdirSync(path.join(directory, '20990101000000_future'))
    const found = await new ReadinessRepository(api.database, directory).read()
    rmSync(directory, { recursive: true, force: true })
    expect(found).toMatchObject({
      ...{ ready: false, status: 'waiting for migrations' },
      checks: { migrations: { ok: false, missing: ['20990101000000_future'] } },
    })
  })

  it('says within two seconds that a database does not answer', async () => {
    const silent = { pool: { query: () => new Promise(() => undefined) } }
    const started = performance.now()
    const found = await new ReadinessRepository(silent as never).read()
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(found).toMatchObject({ ready: false, status: 'waiting for the database', workers: 0 })
  })
})

describe('a worker’s own port', () => {
  it('serves health, readiness and metrics; a taken port costs no more than those', async () => {
    const engine = createScriptedEngine()
    const engines = () => [{ provider: 'cpu', residentBytes: 123 }]
    const common = { host: '127.0.0.1', token: undefined, database: api.database, engines }
    const server = await startWorkerStatusServer({ ...common, port: 0, logger: silentLogger })
    const url = `http://127.0.0.1:${server?.port}`
    const worker = await api.startWorker(engine)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const ready = await (await fetch(`${url}/readyz`)).json()
    expect(ready).toMatchObject({ status: 'ready', workers: 1 })
    await api.services.lensRuns.create(api.viewer, {
      ...{ modelId: api.modelId, promptText: 'abc', targetText: 'd' },
    })
    const text = await eventually(
      () => metrics(url),
      (found) => (valueOf(found, 'imprint_attempts_total{kind="run",outcome="done"}') ?? 0) > 0,
    )
    expect(valueOf(text, 'imprint_engine_resident_bytes{provider="cpu"}')).toBe(123)
    const taken = { ...common, port: server?.port ?? 0, logger: silentLogger }
    expect(await startWorkerStatusServer(taken)).toBeNull()
    await worker.stop()
    await server?.close()
  })
})

describe('too much at once', () => {
  /** A body that never ends keeps its request open. */
  const openRequest = (localAddress: string) => {
    const headers = { 'content-type': 'application/json', 'content-length': '1000' }
    const options = { method: 'POST', headers, localAddress, agent: false }
    const sent = request(`${api.url}/graphql`, options)
    const status = new Promise<number | undefined>((resolve) => {
      sent.once('response', (response) => resolve(response.resume().statusCode))
      sent.once('error', () => resolve(undefined))
    })
    sent.write('{')
    return { sent, status }
  }

  it('refuses one address with 429, everybody with 503, says when to return, and recovers', async () => {
    const held = Array.from({ length: 200 }, () => openRequest('127.0.0.1'))
    const inFlight = async (count: number) =>
      eventually(metrics, (text) => valueOf(text, 'imprint_requests_in_flight') === count)
    await inFlight(200)
    const refused = await post({ query: '{ __typename }' })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('1')
    const others = Array.from({ length: 100 }, () => openRequest('127.0.0.2'))
    await inFlight(300)
    expect(await openRequest('127.0.0.3').status).toBe(503)
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
    const text = await metrics()
    expect(valueOf(text, 'imprint_requests_refused_total{reason="client"}')).toBe(1)
    expect(valueOf(text, 'imprint_requests_refused_total{reason="requests"}')).toBe(1)
    for (const { sent } of [...held, ...others]) sent.destroy()
    await inFlight(0)
    expect((await post({ query: '{ __typename }' })).status).toBe(200)
  })
})
