#!/usr/bin/env node
// `npm run restore -- <directory>`: a backup into an empty, migrated database and an empty home; everything or nothing.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { columnsOf, rowsAtOnce, tablesOf } from './tables.mjs'

async function digestOf(file) {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(file)) digest.update(chunk)
  return digest.digest('hex')
}

/** Before a row is written: a backup that was damaged is worth nothing half restored. */
async function checkFiles(directory, { tables, home }) {
  for (const { file, digest } of [...tables, ...(home ? [home] : [])]) {
    const found = existsSync(path.join(directory, file))
      ? await digestOf(path.join(directory, file))
      : 'absent'
    if (found !== digest)
      throw new Error(`${file} is not what the backup wrote: it is damaged or ${found}.`)
  }
}

async function checkTarget(client, { migrations }) {
  const { rows } = await client.query(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
  )
  const there = rows.map((row) => row.migration_name)
  if (there.join() !== migrations.join())
    throw new Error(
      'The database has other migrations than the backup. Restore with the version that made it, then upgrade.',
    )
  for (const table of await tablesOf(client)) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${table} LIMIT 1`)
    if (rowCount > 0)
      throw new Error(`The database is not empty: ${table} has rows. Restore into a new one.`)
  }
}

async function readTable(client, directory, { table, file, columns }) {
  const types = new Map((await columnsOf(client, table)).map(({ name, type }) => [name, type]))
  const names = columns.map((name) => `"${name}"`).join(', ')
  const values = columns.map((name, place) => `(r."row"->>${place})::${types.get(name)}`).join(', ')
  const insert = `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM jsonb_array_elements($1::jsonb) AS r("row")`
  let lines = []
  let bytes = 0
  const flush = async () => {
    if (lines.length > 0) await client.query(insert, [`[${lines.join()}]`])
    lines = []
    bytes = 0
  }
  for await (const line of createInterface({
    input: createReadStream(path.join(directory, file)),
  })) {
    lines.push(line)
    bytes += line.length
    if (lines.length >= rowsAtOnce || bytes > 16e6) await flush()
  }
  await flush()
}

/** Counters go on behind the largest number that is there. */
async function moveSequences(client) {
  const { rows } = await client.query(`
    SELECT format('%I.%I', n.nspname, s.relname) AS "sequence", d.refobjid::regclass::text AS "table", a.attname AS "column"
    FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND n.nspname IN ('public', 'search')`)
  for (const { sequence, table, column } of rows)
    await client.query(
      `SELECT setval('${sequence}', greatest((SELECT max("${column}") FROM ${table}), 1))`,
    )
}

export async function restore({ databaseUrl, home, directory }) {
  const manifest = JSON.parse(readFileSync(path.join(directory, 'manifest.json'), 'utf8'))
  if (manifest.format !== 'imprint-backup' || manifest.version !== 1)
    throw new Error(`${directory} is no backup that this version reads.`)
  await checkFiles(directory, manifest)
  if (home !== null && manifest.home)
    for (const folder of manifest.home.folders)
      if (existsSync(path.join(home, folder)))
        throw new Error(`${home}/${folder} is there already. Restore into a new home.`)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await checkTarget(client, manifest)
    for (const table of manifest.tables) await readTable(client, directory, table)
    await moveSequences(client)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
  if (home !== null && manifest.home) {
    mkdirSync(home, { recursive: true })
    const made = spawnSync('tar', [
      '--extract',
      '--file',
      path.join(directory, manifest.home.file),
      '--directory',
      home,
    ])
    if (made.status !== 0) throw new Error(`tar failed: ${made.stderr ?? made.error}`)
  }
  return manifest
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory] = process.argv.slice(2)
  const { DATABASE_URL: databaseUrl, IMPRINT_HOME: home = '.imprint' } = process.env
  if (!directory || !databaseUrl) {
    console.error(
      'Usage: DATABASE_URL=postgresql://… [IMPRINT_HOME=…] npm run restore -- <directory of a backup>',
    )
    process.exit(2)
  }
  const { tables, madeAt } = await restore({
    databaseUrl,
    home: path.resolve(home),
    directory: path.resolve(directory),
  })
  console.log(`${tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${madeAt} are back`)
}
