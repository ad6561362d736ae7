// The engine's way to PostgreSQL: Prisma's own adapter, with three of its gaps filled.
import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { createDatabase, dropDatabase, withDatabase } from './databases.mjs'

const internalCharOid = 18
const blankPaddedCharOid = 1042

/** pg_catalog has columns of the internal type "char", which the adapter cannot name; they are single characters. */
function readInternalChar(connection) {
  const perform = connection.performIO.bind(connection)
  const read = connection.queryRaw.bind(connection)
  const charColumns = new WeakMap()
  connection.performIO = async (query) => {
    const result = await perform(query)
    charColumns.set(
      query,
      result.fields.map((field) => field.dataTypeID === internalCharOid),
    )
    const fields = result.fields.map((field) =>
      field.dataTypeID === internalCharOid ? { ...field, dataTypeID: blankPaddedCharOid } : field,
    )
    return { ...result, fields }
  }
  connection.queryRaw = async (query) => {
    const result = await read(query)
    charColumns.get(query)?.forEach((isChar, column) => {
      if (isChar) result.columnTypes[column] = ColumnTypeEnum.Character
    })
    return result
  }
}

/** The adapter splits scripts at every semicolon, which breaks function bodies; PostgreSQL takes the whole script. */
function runScriptsWhole(connection, pool) {
  connection.executeScript = async (script) => {
    try {
      await pool.query(script)
    } catch (error) {
      if (typeof connection.onError === 'function') connection.onError(error)
      throw error
    }
  }
}

/**
 * Connections for one engine; `closeAll` after every request ends them and drops the shadow databases.
 * @param {{ url: string, shadowDatabaseUrl?: string, schema?: string }} options
 */
export function createConnectionFactory({ url, shadowDatabaseUrl, schema }) {
  const open = new Set()

  async function connect(connectionString, whenClosed) {
    const pool = new pg.Pool({ connectionString: withDatabase(connectionString), max: 1 })
    pool.on('error', () => {})
    const connection = await new PrismaPg(
      pool,
      schema === undefined ? undefined : { schema },
    ).connect()
    readInternalChar(connection)
    runScriptsWhole(connection, pool)
    connection.dispose = async () => {
      if (!open.delete(connection)) return
      await pool.end()
      await whenClosed?.()
    }
    open.add(connection)
    return connection
  }

  /** The adapter's own version of this would connect to the main database; a fresh one is made and dropped instead. */
  async function connectToShadowDb() {
    if (shadowDatabaseUrl) return connect(shadowDatabaseUrl)
    const name = await createDatabase(url, `prisma_migrate_shadow_db_${randomUUID()}`)
    return connect(withDatabase(url, name), () => dropDatabase(url, name))
  }

  return {
    factory: {
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: () => connect(url),
      connectToShadowDb,
    },
    closeAll: async () => {
      for (const connection of [...open]) await connection.dispose()
    },
  }
}
