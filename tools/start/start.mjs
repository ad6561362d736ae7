// `npm start`: from a fresh clone to an open page with one command.
import { mkdirSync } from 'node:fs'
import { ensureInstalled } from '../setup/install.mjs'
import { checkNodeVersion } from '../setup/node-version.mjs'
import { createProcessGroup } from '../setup/processes.mjs'
import { build, seed } from './commands.mjs'
import { openDatabase } from './database.mjs'
import { checkPorts } from './ports.mjs'
import { programsOf, startProgram, waitUntilReady } from './programs.mjs'
import { createProgress } from './progress.mjs'
import { findRunningStart, removeRunning, writeRunning } from './running-file.mjs'
import { help, readSettings, root } from './settings.mjs'

checkNodeVersion()

let opening = null
let home = null

async function endDatabase() {
  if (home !== null) removeRunning(home)
  // Also a server that is starting just now: nothing may be left when this process ends.
  const opened = await opening?.catch(() => null)
  await opened?.stop()
}

const group = createProcessGroup({
  beforeExit: async (signal) => {
    await endDatabase()
    process.stdout.write(`\nImprint was stopped (${signal}).\n`)
  },
})

/** Everything up to the running programs; returns what can go wrong from then on. */
async function start(settings) {
  const progress = createProgress(6)
  await progress.step('Dependencies', async (report) => {
    return { note: (await ensureInstalled({ root, report })) ? 'installed' : 'nothing to install' }
  })
  await progress.step('Build', async (report) => ({
    note: settings.build ? await build(group, report) : 'left out',
  }))
  const database = await progress.step('Database', async () => {
    opening = openDatabase(settings)
    const value = await opening
    return { value, note: value.note }
  })
  await progress.step('Migrations', async () => {
    const { migrate } = await import('./migrate.mjs')
    return { note: await migrate(group, database.url) }
  })
  const programs = programsOf(settings, database.url)
  await progress.step('Demo project', async () => ({ note: await seed(group, programs[0].env) }))
  const started = await progress.step('API, worker, web', async () => {
    const value = programs.map((program) => startProgram(group, settings, program))
    await waitUntilReady(settings, value)
    return { value }
  })
  announce(settings, progress, database, started)
  return Promise.race(started.map((program) => program.died))
}

function announce(settings, progress, database, started) {
  const webUrl = `http://localhost:${settings.webPort}`
  const pids = Object.fromEntries(started.map(({ name, pid }) => [name, pid]))
  writeRunning(settings.home, {
    webUrl,
    apiUrl: `http://127.0.0.1:${settings.apiPort}`,
    databaseUrl: database.url,
    pids: { start: process.pid, database: database.pid, ...pids },
  })
  progress.note(`\nReady after ${progress.elapsed()}. Open ${webUrl} (Ctrl-C ends everything.)\n`)
}

async function main() {
  const settings = readSettings(process.argv.slice(2))
  if (settings.help) return process.stdout.write(help)
  const running = findRunningStart(settings.home)
  if (running !== null) {
    throw new Error(
      `Imprint is running already at ${running.webUrl} (process ${running.pids.start}).`,
    )
  }
  home = settings.home
  mkdirSync(home, { recursive: true })
  await checkPorts([
    { port: settings.webPort, purpose: 'the web server', variable: 'IMPRINT_WEB_PORT' },
    { port: settings.apiPort, purpose: 'the API', variable: 'IMPRINT_API_PORT' },
  ])
  return start(settings)
}

try {
  await main()
} catch (error) {
  if (!group.isStopping()) {
    process.stderr.write(`\n${error.message}\n`)
    await group.stopAll()
    await endDatabase()
    process.exitCode = 1
    process.exit()
  }
}
