// Applies the migrations that the database lacks; asking costs milliseconds, Prisma's CLI seconds.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { runToEnd } from './commands.mjs'
import { root } from './settings.mjs'

function knownMigrations() {
  const directory = path.join(root, 'prisma', 'migrations')
  const entries = readdirSync(directory, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** Names of applied migrations; null when the database or its list does not exist yet. */
async function appliedMigrations(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const sql = 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL'
    return (await client.query(sql)).rows.map((row) => row.migration_name)
  } catch (error) {
    if (['3D000', '42P01'].includes(error.code)) return null
    throw new Error(`The database does not answer: ${error.message}`, { cause: error })
  } finally {
    await client.end().catch(() => {})
  }
}

/** Returns what was done, in words. */
export async function migrate(group, databaseUrl) {
  const applied = await appliedMigrations(databaseUrl)
  const missing = knownMigrations().filter((name) => !applied?.includes(name))
  if (missing.length === 0) return 'up to date'
  const script = path.join(root, 'tools/prisma/prisma.mjs')
  await runToEnd(group, 'the migration', script, ['migrate', 'deploy'], {
    env: { DATABASE_URL: databaseUrl },
  })
  return `${missing.length} applied`
}
