// Rows -> PostgreSQL, some thousand at once; ids that tell their time.

const batchSize = 2_000

/** Rows as JSON, taken apart by PostgreSQL: one statement for some thousand rows. */
export async function insert(client, table, rows) {
  for (let at = 0; at < rows.length; at += batchSize) {
    const batch = rows.slice(at, at + batchSize)
    const columns = Object.keys(batch[0])
      .map((name) => `"${name}"`)
      .join(', ')
    await client.query(
      `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(batch)],
    )
  }
  return rows.length
}

/** A UUID whose first 48 bits are the time, as Prisma's are. */
export function uuidAt(milliseconds, random) {
  const hex = (count) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('')
  const time = Math.floor(milliseconds).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${'89ab'[Math.floor(random() * 4)]}${hex(3)}-${hex(12)}`
}
