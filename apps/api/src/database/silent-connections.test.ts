// A relay that swallows everything without closing anything stands between the pool and PostgreSQL.
import net from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { openRunNotifications, runChannel } from './run-notifications.js'
import { watchSilence } from './silent-connections.js'

/** Not the template, which must be left alone while others copy it. */
const target = Object.assign(new URL(inject('databaseUrl')), { pathname: '/postgres' })

interface Relay {
  readonly url: string
  /** What is open now stays dead; what is opened later works. */
  killSilently(): void
  close(): Promise<void>
}

async function openRelay(): Promise<Relay> {
  const pairs = new Set<{ sockets: Socket[]; dead: boolean }>()
  const server = net.createServer((client) => {
    const other = net.connect(Number(target.port), target.hostname)
    const pair = { sockets: [client, other], dead: false }
    pairs.add(pair)
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', (bytes) => pair.dead || to.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => pair.dead || to.destroy())
    }
    pass(client, other)
    pass(other, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(port) }).toString(),
    killSilently: () => pairs.forEach((pair) => void (pair.dead = true)),
    close: async () => {
      for (const { sockets } of pairs) sockets.forEach((socket) => socket.destroy())
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

let relay: Relay
let pool: pg.Pool
beforeEach(async () => {
  relay = await openRelay()
  pool = new pg.Pool({ connectionString: relay.url, max: 3 })
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', () => undefined)
})
afterEach(async () => {
  await pool.end()
  await relay.close()
})

describe('a connection that fell silent', () => {
  it('fails its statement soon, and the next one gets another connection', async () => {
    const watch = watchSilence(pool, { url: relay.url, every: 200 })
    await pool.query('SELECT 1')
    relay.killSilently()
    const started = Date.now()
    await expect(pool.query('SELECT 2 AS "two"')).rejects.toThrow(/terminated/)
    expect(Date.now() - started).toBeLessThan(5_000)
    expect((await pool.query('SELECT 3 AS "three"')).rows).toEqual([{ three: 3 }])
    watch.stop()
  })

  it('is not mistaken for a statement that takes long', async () => {
    const watch = watchSilence(pool, { url: relay.url, every: 100 })
    const { rows } = await pool.query(`SELECT 'done' AS "state" FROM pg_sleep(1.5)`)
    expect(rows).toEqual([{ state: 'done' }])
    watch.stop()
  })

  it('is not mistaken for a transaction that pauses', async () => {
    const watch = watchSilence(pool, { url: relay.url, every: 100 })
    const client = await pool.connect()
    await client.query('BEGIN')
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect((await client.query('SELECT 1 AS "one"')).rows).toEqual([{ one: 1 }])
    await client.query('COMMIT')
    client.release()
    watch.stop()
  })
})

describe('listening for changes', () => {
  it('goes on after its connection fell silent', async () => {
    const lost: Error[] = []
    const beats = { every: 200, patience: 300 }
    const notifications = openRunNotifications(relay.url, (error) => lost.push(error), beats)
    const heard: (string | null)[] = []
    notifications.listen((id) => heard.push(id))
    await until(() => heard.includes(null))
    relay.killSilently()
    await until(() => lost.length > 0 && heard.filter((id) => id === null).length > 1)
    await pool.query(`SELECT pg_notify($1, 'after')`, [runChannel])
    await until(() => heard.includes('after'))
    await notifications.close()
  }, 15_000)
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('not within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
