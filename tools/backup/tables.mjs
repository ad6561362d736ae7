// Which tables and folders a backup holds.

/** Folders of Imprint's home that cannot be made again from the database. */
export const keptFolders = ['models', 'exports', 'key-covariances', 'mend-editors', 'auth-secret']
export const rowsAtOnce = 500

/**
 * Every table, each behind those that it refers to, so that rows can come in without switching checks off; parts of
 * partitioned tables come by their parent. Jobs of the queue are left: workers look for what waits by themselves.
 */
export async function tablesOf(client) {
  const { rows } = await client.query(`
    SELECT format('%I.%I', n.nspname, c.relname) AS "name", coalesce((
      SELECT array_agg(DISTINCT format('%I.%I', m.nspname, r.relname)) FROM pg_constraint f
        JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace
      WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid), '{}') AS "needs"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'search')
      AND c.relname <> '_prisma_migrations' ORDER BY 1`)
  const ordered = []
  let left = rows
  while (left.length > 0) {
    const next = left.filter(({ needs }) => needs.every((name) => ordered.includes(name)))
    if (next.length === 0)
      throw new Error(`Tables refer to each other: ${left.map(({ name }) => name)}`)
    ordered.push(...next.map(({ name }) => name))
    left = left.filter((one) => !next.includes(one))
  }
  return ordered
}

/** Those that are not made by PostgreSQL itself. */
export async function columnsOf(client, table) {
  const { rows } = await client.query(
    `SELECT a.attname AS "name", format_type(a.atttypid, a.atttypmod) AS "type" FROM pg_attribute a
     WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum`,
    [table],
  )
  return rows
}
