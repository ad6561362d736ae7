// Connections that PostgreSQL ends, idle and in use: the process lives, and the next statement gets a new one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../testing/test-database.js'
import type { TestDatabase } from '../testing/test-database.js'

let database: TestDatabase
const escaped: unknown[] = []
const note = (error: unknown): void => void escaped.push(error)
beforeAll(async () => {
  database = await createTestDatabase()
  process.on('uncaughtException', note)
})
afterAll(async () => {
  process.off('uncaughtException', note)
  await database.drop()
})

const endAll = `SELECT pg_terminate_backend("pid") FROM "pg_stat_activity"
  WHERE "datname" = current_database() AND "pid" <> pg_backend_pid()`
const beat = () => new Promise((resolve) => setTimeout(resolve, 100))

describe('a connection that is ended', () => {
  it('while somebody holds it between two statements: the second one fails, and nothing else', async () => {
    const client = await database.pool.connect()
    await client.query('BEGIN')
    await database.pool.query(endAll)
    await beat()
    await expect(client.query('SELECT 1')).rejects.toThrow()
    client.release(true)
    expect((await database.pool.query('SELECT 1 AS "one"')).rows).toEqual([{ one: 1 }])
    expect(escaped).toEqual([])
  })

  it('while it is idle: nobody notices', async () => {
    const [first, second] = await Promise.all([database.pool.connect(), database.pool.connect()])
    first.release()
    await second.query(endAll)
    await beat()
    second.release()
    expect((await database.pool.query('SELECT 1 AS "one"')).rows).toEqual([{ one: 1 }])
    expect(escaped).toEqual([])
  })
})
