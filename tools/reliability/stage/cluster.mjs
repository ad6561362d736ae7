// A PostgreSQL cluster of the tests' own, which can be ended at once and started again, and databases on it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres } from '../../postgres/index.mjs'
import { root } from './root.mjs'

const template = 'template_reliability'
/** A commit reaches the kernel, which outlives every process that is killed here; only a power cut would need the disk. */
const settings = { fsync: 'off', synchronous_commit: 'on', max_connections: 300 }

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function runNode(script, env) {
  const words = Array.isArray(script) ? script : [script]
  const made = spawnSync(process.execPath, words, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`${words[0]} failed: ${made.stdout}${made.stderr}`)
}

export async function openCluster(home) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-reliability-db-'))
  let server = await startPostgres({ directory, database: template, settings })
  const urlOf = (name) => Object.assign(new URL(server.url), { pathname: `/${name}` }).toString()
  const env = { DATABASE_URL: server.url, IMPRINT_HOME: home, IMPRINT_LOG_LEVEL: 'error' }
  runNode(['tools/prisma/prisma.mjs', 'migrate', 'deploy'], env)
  runNode('apps/api/dist/seed-main.js', env)
  await query(server.url, forgetDemo)
  return {
    port: server.port,
    logFile: path.join(directory, 'server.log'),
    /** A database of its own with the bundled model and facts in it; its address. */
    createDatabase: async (name) => {
      await query(urlOf('postgres'), `CREATE DATABASE "${name}" TEMPLATE "${template}"`)
      return urlOf(name)
    },
    /** `pg_ctl stop -m immediate`: no checkpoint, every connection cut. */
    stopAtOnce: async () => {
      process.kill(server.pid, 'SIGQUIT')
      while (isAlive(server.pid)) await sleep(20)
    },
    start: async () => {
      server = await startPostgres({ directory, port: server.port, database: template, settings })
    },
    close: async () => {
      await server.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** What the demo project wants computed is not what is tested here. */
const forgetDemo = ['lens_run', 'edit_task', 'slice', 'evaluation', 'figure_set']
  .map(
    (table) =>
      `UPDATE "${table}" SET "state" = 'CANCELLED', "finished_at" = now() WHERE "state" = 'QUEUED'`,
  )
  .join(';')

/** One statement on a connection of its own; its rows. */
export async function query(url, text, values) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text, values)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
