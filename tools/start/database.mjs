// The database of `npm start`: the one of DATABASE_URL, else an embedded server in the home directory.
import path from 'node:path'
import { busyPortMessage } from './ports.mjs'

export async function openDatabase(settings) {
  if (settings.databaseUrl !== null) {
    return { url: settings.databaseUrl, pid: null, note: 'from DATABASE_URL', stop: async () => {} }
  }
  const { PortBusyError, startPostgres } = await import('../postgres/index.mjs')
  const directory = path.join(settings.home, 'postgres')
  try {
    const server = await startPostgres({ directory, port: settings.databasePort })
    const note = `PostgreSQL on port ${server.port}${server.adopted ? ', already running' : ''}`
    return { url: server.url, pid: server.pid, note, stop: server.stop }
  } catch (error) {
    if (!(error instanceof PortBusyError)) throw error
    throw new Error(busyPortMessage(error.port, 'the embedded database', 'IMPRINT_DATABASE_PORT'), {
      cause: error,
    })
  }
}
