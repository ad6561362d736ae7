// What a socket may do: how many, how much on each, and nothing but subscriptions.
import { request } from 'node:http'
import { connect } from 'node:net'
import { isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { nobody } from '../features/account/viewer.js'
import { buildImprintSchema } from '../schema.js'
import { readEnvironment } from '../env.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { joinAs, keyOf, setUpOwner } from '../testing/test-people.js'
import type { Headers, TestPerson } from '../testing/test-people.js'
import { queueRun } from './testing/queue-run.js'
import { greet, overSocket } from './testing/raw-socket.js'
import type { RawSocket } from './testing/raw-socket.js'

let api: TestApi
let owner: TestPerson
let mine: Headers
beforeAll(async () => {
  api = await startTestApi({ singleUser: false, variables: { IMPRINT_SOCKETS_PER_PERSON: '6' } })
  owner = await setUpOwner(api)
  mine = { cookie: owner.cookies }
})
afterAll(() => api.stop())

const progress = 'subscription($runId: ID!) { lensRunProgress(runId: $runId) { version } }'
const greeted = async (raw: RawSocket): Promise<RawSocket> => {
  const ready = eventually(
    async () => raw.seen,
    (seen) => seen[0]?.type === 'connection_ack',
  )
  await Promise.race([ready, raw.closed])
  return raw
}
const answerTo = (raw: RawSocket, id: string) =>
  eventually(
    async () => raw.seen.find((one) => one.id === id),
    (one) => one !== undefined,
  )

describe('a socket', () => {
  const open = (options: object) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(api.webSocketUrl, 'graphql-transport-ws', options)
      socket.on('unexpected-response', (_request, response) =>
        resolve(`status ${response.statusCode}`),
      )
      socket.on('close', (code) => resolve(`closed ${code}`))
      socket.on('error', () => undefined)
    })

  it('of a page of others is not opened', async () => {
    expect(await open({ headers: { origin: 'https://evil.example' } })).toBe('status 403')
    expect(await open({ headers: { origin: 'null' } })).toBe('status 403')
  })

  it('serves neither queries nor mutations nor the schema', async () => {
    expect(await overSocket(api, mine, '{ me { via } }')).toContain('NOT_A_SUBSCRIPTION')
    const write = 'mutation { signOut { me { via } } }'
    expect(await overSocket(api, mine, write)).toContain('NOT_A_SUBSCRIPTION')
    for (const asked of [
      '{ __schema { types { name } } }',
      'subscription { __schema { types { name } } }',
    ])
      expect(await overSocket(api, {}, asked)).toMatch(/"type":"error"/)
  })

  it('to another host than the API is not a proxy', async () => {
    const status = await new Promise((resolve) => {
      const { hostname, port } = new URL(api.url)
      const headers = { host: '169.254.169.254', connection: 'Upgrade', upgrade: 'websocket' }
      const path = 'http://169.254.169.254/graphql'
      const sent = request({ hostname, port, path, headers }, (response) =>
        resolve(response.statusCode),
      )
      sent.once('upgrade', () => resolve('upgraded'))
      sent.once('error', () => resolve('closed'))
      sent.end()
    })
    expect([421, 404, 400, 'closed']).toContain(status)
  })

  it('carries 20 subscriptions; the 21st is refused until one of them ends', async () => {
    const runId = await queueRun(api)
    const raw = await greeted(greet(api, mine))
    for (let id = 1; id <= 20; id += 1) raw.subscribe(String(id), progress, { runId })
    for (let id = 1; id <= 20; id += 1) expect((await answerTo(raw, String(id)))?.type).toBe('next')
    raw.subscribe('21', progress, { runId })
    const refused = await answerTo(raw, '21')
    expect(refused).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_FIELDS' } }],
    })
    raw.socket.send('{"id":"1","type":"complete"}')
    raw.subscribe('22', progress, { runId })
    expect((await answerTo(raw, '22'))?.type).toBe('next')
    raw.socket.terminate()
  })

  it('asks for no more rows than a request may, by a variable neither', async () => {
    const query =
      'subscription($id: ID!, $n: Int!) { datasetImportProgress(importId: $id) { dataset { relations(first: $n) { relation } rejections(first: $n) { record } } } }'
    const told = (n: number) => overSocket(api, mine, query, { id: nobody, n })
    expect(await told(1)).not.toContain('"error"')
    expect(await told(1_000_000)).toContain('TOO_COSTLY')
    expect(await told(1)).not.toContain('"error"')
  })

  it('has every field that asks for rows among those whose rows are counted', () => {
    const schema = buildImprintSchema()
    const uncounted: string[] = []
    for (const type of Object.values(schema.getTypeMap()))
      for (const field of isObjectType(type) ? Object.values(type.getFields()) : [])
        if (field.args.some(({ name }) => ['first', 'last', 'limit', 'take'].includes(name)))
          if (field.extensions['complexity'] === undefined)
            uncounted.push(`${type.name}.${field.name}`)
    expect(uncounted).toEqual([])
  })
})

describe('sockets of one person', () => {
  it('are as many as set (20 unless), also for one key; others are not concerned', async () => {
    expect(readEnvironment({ DATABASE_URL: 'postgresql://x/y' }).socketsPerPerson).toBe(20)
    const most = api.environment.socketsPerPerson
    const member = await joinAs(api, owner, 'viewer', 'Tom Tabs')
    const { authorization } = await keyOf(member, ['read'])
    const cookie = { cookie: member.cookies }
    for (const [headers, params] of [
      [cookie, {}],
      [{}, { authorization }],
    ] as const) {
      const all = await Promise.all(
        Array.from({ length: most }, () => greeted(greet(api, headers, params))),
      )
      expect(all.every(({ seen }) => seen[0]?.type === 'connection_ack')).toBe(true)
      const more = greet(api, headers, params)
      expect(await more.closed).toBe('closed 1013 Too many sockets')
      expect((await greeted(greet(api, mine))).seen[0]?.type).toBe('connection_ack')
      all[0]?.socket.terminate()
      await all[0]?.closed
      await eventually(
        async () => (await greeted(greet(api, headers, params))).seen.length,
        (count) => count > 0,
      )
      for (const { socket } of all) socket.terminate()
    }
  })
})

describe('a hostile client', () => {
  const alive = async () => expect((await fetch(`${api.url}/healthz`)).status).toBe(200)

  it('with thousands of headers ends its connection, not the process (CVE-2024-37890)', async () => {
    const { hostname, port } = new URL(api.url)
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname)
      let text = ''
      socket.on('data', (chunk) => (text += String(chunk)))
      socket.on('close', () => resolve(text))
      socket.on('error', () => undefined)
      const flood = Array.from({ length: 2_500 }, (_, index) => `x${index}: 1`)
      const head = ['GET /graphql HTTP/1.1', `Host: ${hostname}:${port}`, ...flood]
      const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
      const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
      socket.write(`${[...head, ...upgrade, key].join('\r\n')}\r\n\r\n`)
      setTimeout(() => socket.destroy(), 5_000).unref()
    })
    expect(answer).not.toContain('101 Switching')
    await alive()
  })

  it('with a message of endless one-byte fragments is closed, and nothing piles up', async () => {
    const raw = await greeted(greet(api, mine))
    const before = process.memoryUsage().rss
    let open = true
    void raw.closed.then(() => (open = false))
    for (let sent = 0; open && sent < 1_000_000; sent += 1) {
      raw.socket.send('x', { fin: false })
      if (sent % 2_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await raw.closed).toMatch(/^closed (1006|1008|1009)/)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
    await alive()
  })
})
