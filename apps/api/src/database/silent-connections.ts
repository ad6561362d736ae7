// Finds connections whose network went away without a word: a statement waits for an answer that PostgreSQL is not working on.
import pg from 'pg'

export interface SilenceWatch {
  stop(): void
}

export interface SilenceOptions {
  readonly url: string
  /** Milliseconds between two looks; a statement that both see is asked about. */
  readonly every?: number
}

interface Lent {
  readonly client: pg.PoolClient
  /** The statement that the last look saw. */
  seen: unknown
}

/** The statement a connection waits for; pg keeps it under this name (8.x) and has no public one. */
const statementOf = (client: pg.PoolClient): unknown =>
  (client as unknown as { readonly _activeQuery: unknown })._activeQuery ?? null

const processOf = (client: pg.PoolClient): number | null =>
  (client as unknown as { readonly processID: number | null }).processID

/**
 * TCP tells nobody that the other side is gone while an answer is waited for. PostgreSQL is asked on a fresh connection what
 * those backends do: one that does nothing never got the statement, or its answer was lost, so the connection is closed, and
 * the statement fails as it would by a lost connection. Long statements are left alone.
 */
export function watchSilence(pool: pg.Pool, { url, every = 5_000 }: SilenceOptions): SilenceWatch {
  const lent = new Map<pg.PoolClient, Lent>()
  pool.on('acquire', (client) => lent.set(client, { client, seen: null }))
  pool.on('release', (_error, client) => lent.delete(client))
  pool.on('remove', (client) => lent.delete(client))
  let looking = false
  const look = async (): Promise<void> => {
    const waiting = [...lent.values()].filter(isStillWaiting)
    if (looking || waiting.length === 0) return
    looking = true
    try {
      const busy = await busyBackends(url, waiting)
      for (const one of waiting) if (isUnheard(one, busy)) close(one.client)
    } catch {
      // PostgreSQL itself cannot be reached: nothing can be said of anybody.
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look(), every)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Whether the same statement was there at the last look; remembers the one of now. */
function isStillWaiting(one: Lent): boolean {
  const before = one.seen
  one.seen = statementOf(one.client)
  return one.seen !== null && one.seen === before
}

const isUnheard = ({ client, seen }: Lent, busy: ReadonlySet<number>): boolean => {
  const process = processOf(client)
  return process !== null && !busy.has(process) && statementOf(client) === seen
}

async function busyBackends(url: string, waiting: readonly Lent[]): Promise<Set<number>> {
  const client = new pg.Client({
    ...{ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 3_000 },
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number }>(
      `SELECT "pid" FROM "pg_stat_activity" WHERE "pid" = ANY($1::int[]) AND "state" = 'active'`,
      [waiting.map(({ client: one }) => processOf(one))],
    )
    return new Set(rows.map(({ pid }) => pid))
  } finally {
    void client.end().catch(() => undefined)
  }
}

function close(client: pg.PoolClient): void {
  const { connection } = client as unknown as {
    connection: { stream: { destroy(e: Error): void } }
  }
  connection.stream.destroy(new Error('Connection terminated: its network fell silent'))
}
