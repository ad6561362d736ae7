// Whole databases: create, drop, reach. Each call opens one connection and closes it.
import pg from 'pg'

/** The same server and credentials, another database, without Prisma's own query parameters. */
export function withDatabase(url, database) {
  const changed = new URL(url)
  if (database !== undefined) changed.pathname = `/${encodeURIComponent(database)}`
  changed.searchParams.delete('schema')
  return changed.toString()
}

const databaseOf = (url) => decodeURIComponent(new URL(url).pathname.slice(1))
const quoted = (name) => `"${name.replaceAll('"', '""')}"`

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    if (sql !== undefined) await client.query(sql)
  } finally {
    await client.end()
  }
}

export async function createDatabase(url, name = databaseOf(url)) {
  await query(withDatabase(url, 'postgres'), `CREATE DATABASE ${quoted(name)}`)
  return name
}

export async function dropDatabase(url, name = databaseOf(url)) {
  await query(withDatabase(url, 'postgres'), `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`)
}

export async function checkConnection(url) {
  await query(withDatabase(url))
}
