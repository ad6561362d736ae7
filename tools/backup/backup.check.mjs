import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { openCluster } from '../reliability/stage/cluster.mjs'
import { root } from '../reliability/stage/root.mjs'
import { backup } from './backup.mjs'
import { restore } from './restore.mjs'

const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-backup-'))
chmodSync(directory, 0o755)
const home = path.join(directory, 'home')
const saved = path.join(directory, 'saved')
let cluster
let source
let manifest

const summaryOf = ({ tables }) => tables.map(({ table, rows, digest }) => ({ table, rows, digest }))

async function query(url, text) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text).finally(() => client.end())
  return rows
}

async function emptyDatabase(name) {
  const url = Object.assign(new URL(source), { pathname: `/${name}` }).toString()
  await query(source, `CREATE DATABASE "${name}" TEMPLATE template0`)
  const words = ['tools/prisma/prisma.mjs', 'migrate', 'deploy']
  const made = spawnSync(process.execPath, words, {
    cwd: root,
    env: { ...process.env, DATABASE_URL: url },
  })
  assert.equal(made.status, 0)
  return url
}

before(async () => {
  mkdirSync(path.join(home, 'models', 'mine'), { recursive: true })
  writeFileSync(path.join(home, 'models', 'mine', 'weights'), 'numbers')
  mkdirSync(path.join(home, 'cache'))
  cluster = await openCluster(path.join(directory, 'seed-home'))
  source = await cluster.createDatabase('backup_source')
  await query(
    source,
    `UPDATE prompt SET note = E'tab\\t, quote " and \\\\ and ü' WHERE id = (SELECT id FROM prompt LIMIT 1)`,
  )
  manifest = await backup({ databaseUrl: source, home, directory: saved })
})
after(async () => {
  await cluster?.close()
  rmSync(directory, { recursive: true, force: true })
})

test('a backup holds every row of every table', async () => {
  const cases = manifest.tables.find(({ table }) => table === 'public.dataset_case')
  const [{ n }] = await query(source, 'SELECT count(*)::int AS n FROM dataset_case')
  assert.equal(cases.rows, n)
  assert.ok(n > 100)
  assert.ok(manifest.tables.length > 30)
})

test('what is restored is the same, row by row, and goes on counting', async () => {
  const url = await emptyDatabase('restored')
  const newHome = path.join(directory, 'new-home')
  await restore({ databaseUrl: url, home: newHome, directory: saved })
  const again = await backup({
    databaseUrl: url,
    home: null,
    directory: path.join(directory, 'again'),
  })
  assert.deepEqual(summaryOf(again), summaryOf(manifest))
  assert.equal(readFileSync(path.join(newHome, 'models', 'mine', 'weights'), 'utf8'), 'numbers')
  assert.ok(!existsSync(path.join(newHome, 'cache')))
  const numbers = `SELECT nextval(pg_get_serial_sequence('model', 'search_key'))::int AS next, (SELECT max(search_key) FROM model) AS largest`
  const [{ next, largest }] = await query(url, numbers)
  assert.ok(next > largest)
  const target = { databaseUrl: url, home: null, directory: saved }
  await assert.rejects(restore(target), /not empty/)
})

test('a damaged backup writes nothing, nor does one over files that are there', async () => {
  const url = await emptyDatabase('untouched')
  await assert.rejects(restore({ databaseUrl: url, home, directory: saved }), /is there already/)
  await assert.rejects(backup({ databaseUrl: source, home, directory: saved }), /is there already/)
  const { file } = manifest.tables.find(({ rows }) => rows > 0)
  appendFileSync(path.join(saved, file), '["x"]\n')
  await assert.rejects(restore({ databaseUrl: url, home: null, directory: saved }), /damaged/)
  const [{ n }] = await query(url, 'SELECT count(*)::int AS n FROM dataset')
  assert.equal(n, 0)
})
