#!/usr/bin/env node
// `npm run backup -- <directory>`: the whole database in one snapshot, and the files of Imprint's home that nothing can make again.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { columnsOf, keptFolders, rowsAtOnce, tablesOf } from './tables.mjs'

/** Lines of JSON; every value as PostgreSQL writes it as text, so that it comes back to the bit. */
async function writeTable(client, table, file) {
  const columns = await columnsOf(client, table)
  const list = columns.map(({ name }) => `"${name}"::text`).join(', ')
  await client.query(
    `DECLARE rows NO SCROLL CURSOR FOR SELECT ARRAY[${list}] AS "row" FROM ${table} ORDER BY 1`,
  )
  const out = createWriteStream(file, { mode: 0o600 })
  const digest = createHash('sha256')
  let count = 0
  for (;;) {
    const { rows } = await client.query(`FETCH ${rowsAtOnce} FROM rows`)
    if (rows.length === 0) break
    const text = rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('')
    digest.update(text)
    count += rows.length
    if (!out.write(text)) await once(out, 'drain')
  }
  await client.query('CLOSE rows')
  out.end()
  await once(out, 'close')
  return {
    table,
    file: path.basename(file),
    columns: columns.map(({ name }) => name),
    rows: count,
    digest: digest.digest('hex'),
  }
}

async function digestOfFile(file) {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(file)) digest.update(chunk)
  return digest.digest('hex')
}

/** Models, covariances and checkpoints; caches, logs and the embedded database itself stay behind. */
async function packHome(home, directory) {
  const folders = keptFolders.filter((name) => existsSync(path.join(home, name)))
  if (folders.length === 0) return null
  const file = path.join(directory, 'home.tar')
  const made = spawnSync('tar', ['--create', '--file', file, '--directory', home, ...folders])
  if (made.status !== 0) throw new Error(`tar failed: ${made.stderr ?? made.error}`)
  return { file: 'home.tar', folders, digest: await digestOfFile(file) }
}

/** @returns what was written, which is also manifest.json in the directory */
export async function backup({ databaseUrl, home, directory }) {
  if (existsSync(directory)) throw new Error(`${directory} is there already. Name a new directory.`)
  const draft = `${directory}.part`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SET LOCAL extra_float_digits = 3; SET LOCAL timezone = 'UTC'`)
    const tables = []
    for (const [place, table] of (await tablesOf(client)).entries())
      tables.push(await writeTable(client, table, path.join(draft, `table-${place}.jsonl`)))
    const { rows } = await client.query(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
    )
    await client.query('COMMIT')
    const migrations = rows.map((row) => row.migration_name)
    const manifest = {
      format: 'imprint-backup',
      version: 1,
      madeAt: new Date().toISOString(),
      migrations,
      tables,
      home: home === null ? null : await packHome(home, draft),
    }
    writeFileSync(path.join(draft, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    renameSync(draft, directory)
    return manifest
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  } finally {
    await client.end()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory] = process.argv.slice(2)
  const { DATABASE_URL: databaseUrl, IMPRINT_HOME: home = '.imprint' } = process.env
  if (!directory || !databaseUrl) {
    console.error(
      'Usage: DATABASE_URL=postgresql://… [IMPRINT_HOME=…] npm run backup -- <new directory>',
    )
    process.exit(2)
  }
  const { tables } = await backup({
    databaseUrl,
    home: path.resolve(home),
    directory: path.resolve(directory),
  })
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  console.log(`${rows} rows of ${tables.length} tables are in ${directory}`)
}
