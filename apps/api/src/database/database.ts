// One pool of connections, shared by Prisma and by plain SQL.
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { outsideRequests } from '../observability/request-context.js'
import { PrismaClient } from './generated/client.js'
import { watchSilence } from './silent-connections.js'

export interface Database {
  readonly url: string
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  readonly connections?: number
  /** Milliseconds after which PostgreSQL ends a statement; 8 seconds when absent, as nobody waits longer for a page. */
  readonly statementTimeout?: number
  /** Milliseconds after which PostgreSQL ends a transaction that nobody goes on with, and frees its locks; a minute when absent. */
  readonly idleInTransaction?: number
  /** Called with the error of an idle connection, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void
}

/** A busy machine may take its time; a transaction that is stuck may not. */
const transactionOptions = { maxWait: 20_000, timeout: 30_000 }

export function openDatabase({
  url,
  connections = 10,
  statementTimeout = 8_000,
  idleInTransaction = 60_000,
  onIdleError,
}: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: idleInTransaction,
  })
  // A connection that breaks while it is lent to somebody tells so by the statement that fails; unheard, its event would
  // end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  // A pool's connection keeps the context of the request that opened it.
  pool.on('error', (error) => outsideRequests(() => onIdleError?.(error)))
  const watch = watchSilence(pool, { url })
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: 'minimal',
    transactionOptions,
  })
  return {
    url,
    prisma,
    pool,
    close: async () => {
      watch.stop()
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}
