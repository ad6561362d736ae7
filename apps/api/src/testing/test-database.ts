// A database of a test file's own, copied from the migrated template.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../database/index.js'
import type { Database } from '../database/index.js'
import { prepareDoorbell } from '../jobs/doorbell.js'
import { createLogger } from '../logger.js'

export const silentLogger = createLogger('imprint-test', process.env['TEST_LOG'] ?? 'silent')

export interface TestDatabase extends Database {
  drop(): Promise<void>
}

/** Asks the server outside the test's database. */
export async function onServer(sql: string): Promise<void> {
  const url = new URL(inject('databaseUrl'))
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.toString() })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A test of the migrations may be looking at the template just now: then once more, for ten seconds. */
async function copyTemplate(name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await onServer(`CREATE DATABASE ${name} TEMPLATE template_imprint`)
    } catch (error) {
      const inUse = (error as { code?: string }).code === '55006'
      if (!inUse || tries === 40) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await copyTemplate(name)
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.toString(), onIdleError: () => undefined })
  await prepareDoorbell(database.url, silentLogger)
  const drop = async (): Promise<void> => {
    await database.close()
    await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  return { ...database, drop }
}
