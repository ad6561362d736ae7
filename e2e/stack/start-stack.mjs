// Starts the real Imprint with `npm start`'s own program: database, migrations, demo project, API, worker, pages.
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../tools/postgres/ports.mjs'
import { startHub } from './hub.mjs'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const script = path.join(root, 'tools/start/start.mjs')

/** A home directory of its own below the temporary directory; PostgreSQL's account has to be able to pass through it. */
export function makeHome() {
  const home = mkdtempSync(path.join(os.tmpdir(), 'imprint-e2e-'))
  chmodSync(home, 0o755)
  return home
}

/** Environment of a start on three free ports. */
export async function freePorts() {
  const ports = []
  while (ports.length < 3) {
    const port = await freePort()
    if (!ports.includes(port)) ports.push(port)
  }
  const [web, api, database] = ports.map(String)
  return { IMPRINT_WEB_PORT: web, IMPRINT_API_PORT: api, IMPRINT_DATABASE_PORT: database }
}

/**
 * Runs the start program; `output()` is everything it has printed so far.
 * @param {{ home: string, env?: Record<string, string | undefined>, words?: string[] }} options
 */
export function launchStart({ home, env = {}, words = [] }) {
  const lines = []
  const child = spawn(process.execPath, [script, ...words], {
    cwd: root,
    env: { ...withoutDatabaseUrl(), IMPRINT_HOME: home, IMPRINT_SINGLE_USER: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => lines.push(text))
  }
  const ended = new Promise((resolve) => child.once('close', (code) => resolve(code)))
  return { child, ended, output: () => lines.join('') }
}

function withoutDatabaseUrl() {
  const env = { ...process.env }
  delete env.DATABASE_URL
  return env
}

const readRunning = (home) => JSON.parse(readFileSync(path.join(home, 'running.json'), 'utf8'))

/** Waits until everything answers; throws with the program's output when it ends before. */
export async function waitUntilRunning(program, home, minutes = 8) {
  const deadline = Date.now() + minutes * 60_000
  while (!existsSync(path.join(home, 'running.json'))) {
    if (program.child.exitCode !== null) throw new Error(`npm start ended:\n${program.output()}`)
    if (Date.now() > deadline) throw new Error(`npm start was not ready:\n${program.output()}`)
    await sleep(50)
  }
  return readRunning(home)
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Ends a start with a signal; returns its exit code and the processes that outlived it. */
export async function endStart(program, running, signal = 'SIGTERM') {
  if (program.child.exitCode === null) program.child.kill(signal)
  const late = setTimeout(() => program.child.kill('SIGKILL'), 40_000)
  const code = await program.ended
  clearTimeout(late)
  const pids = Object.entries(running.pids).filter(([, pid]) => pid !== null)
  for (let tries = 0; tries < 40 && pids.some(([, pid]) => isAlive(pid)); tries += 1) {
    await sleep(50)
  }
  return { code, survivors: pids.filter(([, pid]) => isAlive(pid)).map(([name]) => name) }
}

/** `IMPRINT_E2E_BUILD=no` takes what was built last, for a quick look while working on a journey. */
const mayBuild = () => process.env.IMPRINT_E2E_BUILD !== 'no'

/**
 * Starts everything in a directory of its own.
 * `stop(keepLogsIn)` ends it, keeps the programs' logs there and removes the directory.
 * @param {{ env?: Record<string, string>, build?: boolean }} options
 */
export async function startStack({ env: extra = {}, build = mayBuild() } = {}) {
  const home = makeHome()
  const hub = await startHub()
  const started = Date.now()
  const env = { ...(await freePorts()), HF_ENDPOINT: hub.url, ...extra }
  const program = launchStart({ home, env, words: build ? [] : ['--no-build'] })
  const running = await waitUntilRunning(program, home)
  const stop = async (keepLogsIn) => {
    const { survivors } = await endStart(program, running)
    await hub.stop()
    const logs = path.join(home, 'logs')
    if (keepLogsIn !== undefined && existsSync(logs)) cpSync(logs, keepLogsIn, { recursive: true })
    rmSync(home, { recursive: true, force: true })
    if (survivors.length > 0) throw new Error(`Left running by npm start: ${survivors.join(', ')}`)
  }
  return { home, ...running, startSeconds: (Date.now() - started) / 1000, stop }
}
