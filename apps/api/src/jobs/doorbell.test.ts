// The doorbell on a PostgreSQL that goes away: no rejection escapes, and it rings again afterwards.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, onServer, silentLogger } from '../testing/test-database.js'
import type { TestDatabase } from '../testing/test-database.js'
import { answerDoorbell } from './doorbell.js'

let database: TestDatabase
const escaped: unknown[] = []
const note = (error: unknown): void => void escaped.push(error)
beforeEach(async () => {
  database = await createTestDatabase()
  escaped.length = 0
  process.on('unhandledRejection', note)
})
afterEach(async () => {
  process.off('unhandledRejection', note)
  await database.drop()
})

const addJob = () =>
  database.pool.query(`SELECT graphile_worker.add_job('evaluation', '{}'::json, max_attempts := 1)`)
const name = () => new URL(database.url).pathname.slice(1)

/** As while PostgreSQL restarts: what is open ends, and nobody gets in. */
async function shut(): Promise<void> {
  await onServer(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS false`)
  await onServer(
    `SELECT pg_terminate_backend("pid") FROM "pg_stat_activity" WHERE "datname" = '${name()}'`,
  )
}
const open = () => onServer(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS true`)

describe('the doorbell', () => {
  it('outlives a database that is away when a job ends', async () => {
    let rings = 0
    const ring = async (): Promise<void> => {
      rings += 1
      if (rings === 1) await shut()
    }
    const doorbell = await answerDoorbell(database.url, silentLogger, {
      ring,
      ringImport: () => undefined,
    })
    await addJob()
    await expect.poll(() => rings, { timeout: 20_000 }).toBe(1)
    // Long enough for the statement that ends the job to have failed.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await open()
    await addJob()
    await expect.poll(() => rings, { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
    expect(escaped).toEqual([])
    await doorbell.stop()
  })

  it('can be stopped while the database is away', async () => {
    let away = false
    const ring = async (): Promise<void> => {
      await shut()
      away = true
    }
    const doorbell = await answerDoorbell(database.url, silentLogger, {
      ring,
      ringImport: () => undefined,
    })
    await addJob()
    await expect.poll(() => away, { timeout: 20_000 }).toBe(true)
    await expect(database.pool.query('SELECT 1')).rejects.toThrow()
    // Long enough for the statement that ends the job to have failed.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await doorbell.stop()
    expect(escaped).toEqual([])
  })
})
