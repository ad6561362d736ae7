// One embedded server: makes its data directory, starts it, waits for it, stops it.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asAccount } from './account.mjs'
import { binary } from './binaries.mjs'
import { answers } from './connection.mjs'

const user = 'imprint'

export function urlOf(directory, port, database) {
  const password = readFileSync(path.join(directory, 'password'), 'utf8').trim()
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`
}

/** Makes the data directory and the password, once. A directory that was left half made is made again. */
export function initialize({ native, directory, account }) {
  const data = path.join(directory, 'data')
  if (existsSync(path.join(directory, 'ready'))) return
  rmSync(data, { recursive: true, force: true })
  const passwordFile = path.join(directory, 'password')
  writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  if (account !== null) chownSync(passwordFile, account.uid, account.gid)
  const words = [
    '-D',
    data,
    '-U',
    user,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
  ]
  const made = spawnSync(binary(native, 'initdb'), words, {
    ...asAccount(account),
    encoding: 'utf8',
  })
  if (made.status !== 0) {
    throw new Error(
      `PostgreSQL could not make its data directory ${data}: ${made.error?.message ?? made.stderr}`,
    )
  }
  writeFileSync(path.join(directory, 'ready'), '')
}

/** Process id and port of a server that already runs on this directory; null when none does. */
export async function findRunning(directory) {
  const file = path.join(directory, 'data', 'postmaster.pid')
  if (!existsSync(file)) return null
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n').map(Number)
  if (!isAlive(pid)) return null
  return (await answers(urlOf(directory, port, 'postgres'))) ? { pid, port } : null
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Starts the server in a process group of its own, so that Ctrl-C reaches it last, through `stopServer`. */
export function launch({ native, directory, account, port, settings }) {
  const logFile = path.join(directory, 'server.log')
  const log = openSync(logFile, 'a', 0o600)
  const options = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', ...settings }
  const words = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(binary(native, 'postgres'), ['-D', path.join(directory, 'data'), ...words], {
    ...asAccount(account),
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  child.unref()
  return { child, logFile }
}

export async function waitUntilReady({ child, logFile }, url, seconds = 30) {
  let failure = null
  child.once('error', (error) => (failure = error.message))
  for (let tries = 0; tries < seconds * 20; tries += 1) {
    if (await answers(url)) return
    if (child.exitCode !== null || failure !== null) break
    await sleep(50)
  }
  const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n')
  throw new Error(
    `PostgreSQL did not start${failure === null ? '' : ` (${failure})`}. End of ${logFile}:\n${tail}`,
  )
}

/** Fast shutdown; immediate when that takes longer than ten seconds. */
export async function stopServer(pid) {
  for (const [signal, tries] of Object.entries({ SIGINT: 200, SIGQUIT: 60 })) {
    if (!isAlive(pid)) return
    process.kill(pid, signal)
    for (let count = 0; count < tries && isAlive(pid); count += 1) await sleep(50)
  }
}
