// An embedded PostgreSQL from npm, for `npm start` and for tests: no installation, works as root and as an ordinary user.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { canEnter, chooseAccount, ownedDirectory } from './account.mjs'
import { copyBinaries, findBinaries } from './binaries.mjs'
import { ensureDatabase } from './connection.mjs'
import { freePort, isPortFree } from './ports.mjs'
import { findRunning, initialize, launch, stopServer, urlOf, waitUntilReady } from './server.mjs'

export { freePort, isPortFree } from './ports.mjs'

/** Settings for throw-away servers: a crash of the machine may lose them, and they start faster. */
export const throwAwaySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
}

/** The port that was asked for is taken by another program. */
export class PortBusyError extends Error {
  constructor(port) {
    super(`Port ${port} is busy.`)
    this.name = 'PortBusyError'
    this.port = port
  }
}

function reachableBinaries(account, directory) {
  const native = findBinaries()
  return canEnter(native, account) ? native : copyBinaries(native, path.join(directory, 'native'))
}

/**
 * Starts a server on a directory, or adopts the one that already runs there.
 * @param {{ directory: string, port?: number, database?: string, settings?: Record<string, string | number> }} options
 * @returns {Promise<{ url: string, port: number, pid: number, adopted: boolean, directory: string, stop: () => Promise<void> }>}
 */
export async function startPostgres({
  directory: wanted,
  port = 0,
  database = 'imprint',
  settings = {},
}) {
  const account = chooseAccount(path.join(wanted, 'data'))
  const directory = ownedDirectory(path.resolve(wanted), account)
  const adopted = existsSync(path.join(directory, 'ready')) ? await findRunning(directory) : null
  const server = adopted ?? (await startFresh({ account, directory, port, settings }))
  await ensureDatabase(urlOf(directory, server.port, 'postgres'), database)
  return {
    url: urlOf(directory, server.port, database),
    port: server.port,
    pid: server.pid,
    adopted: adopted !== null,
    directory,
    stop: () => stopServer(server.pid),
  }
}

async function startFresh({ account, directory, port: wantedPort, settings }) {
  if (wantedPort !== 0 && !(await isPortFree(wantedPort))) throw new PortBusyError(wantedPort)
  const port = wantedPort === 0 ? await freePort() : wantedPort
  const native = reachableBinaries(account, directory)
  initialize({ native, directory, account })
  const launched = launch({ native, directory, account, port, settings })
  await waitUntilReady(launched, urlOf(directory, port, 'postgres'))
  return { pid: launched.child.pid, port }
}
