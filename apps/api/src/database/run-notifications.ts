// Hears PostgreSQL's NOTIFY for runs and imports on one connection that is opened again whenever it is lost.
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export const runChannel = 'imprint_run'

export interface RunNotifications {
  /** Calls back with the id of every run or import that changed; null when some may have been missed. Returns how to stop. */
  listen(callback: (runId: string | null) => void): () => void
  /** Waits for the next change of any run, at most so long. */
  next(milliseconds: number): Promise<void>
  close(): Promise<void>
}

const retryDelay = 1_000
/** A connection that only listens is never told that its network is gone: it asks for an answer now and then. */
const heartbeat = { every: 10_000, patience: 5_000 }

/** Notifications only wake up: whoever listens reads the truth from the tables, and polls as a floor. */
export function openRunNotifications(
  url: string,
  onLost: (error: Error) => void,
  beats = heartbeat,
): RunNotifications {
  const emitter = new EventEmitter().setMaxListeners(0)
  let client: pg.Client | null = null
  let closed = false

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      query_timeout: beats.patience,
    })
    fresh.on('notification', (message) => emitter.emit('run', message.payload ?? null))
    fresh.on('error', (error) => lose(fresh, error))
    fresh.on('end', () => lose(fresh, new Error('The connection ended')))
    await fresh.connect()
    await fresh.query(`LISTEN ${runChannel}`)
    client = fresh
    if (closed) await fresh.end()
    emitter.emit('run', null)
  }

  function lose(lost: pg.Client, error: Error): void {
    if (closed || client !== lost) return
    client = null
    onLost(error)
    void reconnect()
  }

  async function reconnect(): Promise<void> {
    while (!closed && client === null) {
      await connect().catch(onLost)
      if (client === null) await sleep(retryDelay)
    }
  }

  void reconnect()
  const heart = startHeart(() => client, lose, beats.every)
  return {
    listen: (callback) => {
      emitter.on('run', callback)
      return () => emitter.off('run', callback)
    },
    next: (milliseconds) => nextEvent(emitter, milliseconds),
    close: async () => {
      closed = true
      clearInterval(heart)
      emitter.emit('run', null)
      await client?.end()
    },
  }
}

/** Asks the connection for an answer again and again; one that gives none is lost. */
function startHeart(
  current: () => pg.Client | null,
  lose: (lost: pg.Client, error: Error) => void,
  every: number,
): NodeJS.Timeout {
  const beat = async (): Promise<void> => {
    const asked = current()
    if (asked === null) return
    try {
      await asked.query('SELECT 1')
    } catch (error) {
      lose(asked, error as Error)
      void asked.end().catch(() => undefined)
    }
  }
  return setInterval(() => void beat(), every).unref()
}

function nextEvent(emitter: EventEmitter, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      emitter.off('run', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    emitter.once('run', done)
  })
}
