import { createClient } from 'graphql-ws'
import type { Client } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createScriptedEngine } from './testing/scripted-engine.js'
import type { ScriptedEngine } from './testing/scripted-engine.js'
import { eventually, startTestApi } from './testing/test-api.js'
import type { TestApi } from './testing/test-api.js'

interface Progress {
  readonly version: number
  readonly state: string
  readonly stage: string
  readonly queuePosition: number | null
  readonly attempt: number
  readonly error: { readonly code: string; readonly retried: boolean } | null
}

const query = `subscription($runId: ID!, $afterVersion: Int) { lensRunProgress(runId: $runId, afterVersion: $afterVersion) {
  version state stage queuePosition attempt error { code retried } elapsedSeconds } }`

let api: TestApi
let engine: ScriptedEngine
const clients: Client[] = []
beforeAll(async () => {
  api = await startTestApi()
  engine = createScriptedEngine()
})
afterAll(async () => {
  for (const client of clients) await client.dispose()
  await api.stop()
})

function connect(): Client {
  const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 })
  clients.push(client)
  return client
}

/** Collects progress until the stream ends. */
function follow(client: Client, runId: string, afterVersion?: number) {
  const seen: Progress[] = []
  const stream = client.iterate<{ lensRunProgress: Progress }>({
    query,
    variables: { runId, afterVersion },
  })
  const ended = (async () => {
    for await (const { data } of stream) if (data) seen.push(data.lensRunProgress)
  })()
  return { seen, ended }
}

const queueRun = async () =>
  (
    await api.services.lensRuns.create(api.viewer, {
      modelId: api.modelId,
      promptText: 'abc',
      targetText: 'd',
    })
  ).id

describe('progress over a real socket', () => {
  it('begins with a snapshot, follows every stage in rising order, and ends with the run', async () => {
    const [first, second] = [await queueRun(), await queueRun()]
    const watched = follow(connect(), second)
    await eventually(
      async () => watched.seen,
      (seen) => seen.length > 0,
    )
    expect(watched.seen[0]).toMatchObject({
      state: 'QUEUED',
      stage: 'QUEUED',
      queuePosition: 2,
      attempt: 0,
    })
    await api.services.lensRuns.remove(api.viewer, first)
    await eventually(
      async () => watched.seen.at(-1)?.queuePosition,
      (place) => place === 1,
    )
    await api.startWorker(engine)
    await watched.ended
    const versions = watched.seen.map(({ version }) => version)
    expect([...versions].sort((a, b) => a - b)).toEqual(versions)
    expect(watched.seen.at(-1)).toMatchObject({
      state: 'DONE',
      stage: 'DONE',
      queuePosition: null,
      attempt: 1,
    })
  })

  it('resumes after a lost connection: nothing twice, and the end is not missed', async () => {
    engine.script.push('hang')
    const id = await queueRun()
    const lost = connect()
    const watched = follow(lost, id)
    await eventually(
      async () => watched.seen.at(-1)?.stage,
      (stage) => stage === 'COMPUTING',
    )
    const last = watched.seen.at(-1) as Progress
    lost.terminate()
    await watched.ended.catch(() => undefined)
    await api.services.lensRuns.cancel(api.viewer, id)
    const resumed = follow(connect(), id, last.version)
    await resumed.ended
    expect(resumed.seen).toMatchObject([{ state: 'CANCELLED' }])
    expect(resumed.seen[0]?.version).toBeGreaterThan(last.version)
    const again = follow(connect(), id, resumed.seen[0]?.version)
    await again.ended
    expect(again.seen).toEqual([])
  })

  it('says that a run was tried again', async () => {
    engine.script.push('crash')
    const id = await queueRun()
    const watched = follow(connect(), id)
    await watched.ended
    expect(watched.seen.at(-1)).toMatchObject({
      state: 'DONE',
      attempt: 2,
      error: { code: 'ENGINE_CRASHED', retried: true },
    })
  })

  it('ends at once for a run that is done or does not exist', async () => {
    const unknown = follow(connect(), '00000000-0000-7000-8000-000000000000')
    await unknown.ended
    expect(unknown.seen).toEqual([])
    const nonsense = follow(connect(), 'nonsense')
    await nonsense.ended
    expect(nonsense.seen).toEqual([])
  })

  it('serves many watchers of one run the same end', async () => {
    const id = await queueRun()
    const watchers = Array.from({ length: 30 }, () => follow(connect(), id))
    await Promise.all(watchers.map(({ ended }) => ended))
    for (const { seen } of watchers) expect(seen.at(-1)?.state).toBe('DONE')
  })
})

describe('the socket', () => {
  const refusal = (client: Client, sent: string) =>
    new Promise<unknown>((resolve) => {
      client.subscribe(
        { query: sent },
        { next: resolve, error: resolve, complete: () => resolve('complete') },
      )
    })

  it('refuses queries, mutations and deep or broken subscriptions', async () => {
    const client = connect()
    expect(await refusal(client, '{ server { ready } }')).toMatchObject([
      { extensions: { code: 'NOT_A_SUBSCRIPTION' } },
    ])
    expect(await refusal(client, 'mutation { deletePrompt(id: "x") { deletedId } }')).toMatchObject(
      [{ extensions: { code: 'NOT_A_SUBSCRIPTION' } }],
    )
    expect(
      await refusal(client, 'subscription { lensRunProgress(runId: "x") { nope } }'),
    ).toMatchObject([{ message: expect.stringContaining('nope') }])
    expect(
      await refusal(
        client,
        `subscription { ${'lensRunProgress(runId: "x") { state } '.repeat(400)} }`,
      ),
    ).toMatchObject([{ message: expect.stringContaining('token') }])
  })

  const statusOf = (url: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(url, 'graphql-transport-ws', { headers })
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.once('open', () => {
        socket.terminate()
        resolve(101)
      })
      socket.once('error', () => undefined)
    })

  it('opens for the web app’s origin and for scripts, not for other pages, hosts or paths', async () => {
    expect(await statusOf(api.webSocketUrl, {})).toBe(101)
    expect(await statusOf(api.webSocketUrl, { origin: 'http://localhost:3000' })).toBe(101)
    expect(await statusOf(api.webSocketUrl, { origin: 'http://evil.example' })).toBe(403)
    expect(await statusOf(api.webSocketUrl, { host: 'evil.example' })).toBe(421)
    expect(await statusOf(api.webSocketUrl.replace('/graphql', '/other'), {})).toBe(404)
  })

  it('closes a client that never says hello, and one that sends too much', async () => {
    const silent = new WebSocket(api.webSocketUrl, 'graphql-transport-ws')
    expect(await new Promise((resolve) => silent.once('close', resolve))).toBe(4408)
    // The server closes the connection before it has read everything.
    const loud = new WebSocket(api.webSocketUrl, 'graphql-transport-ws')
    loud.once('open', () => loud.send('x'.repeat(65 * 1024)))
    loud.once('error', () => undefined)
    expect(await new Promise((resolve) => loud.once('close', resolve))).toBe(1009)
  })
})
