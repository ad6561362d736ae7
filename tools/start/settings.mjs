// What `npm start` can be told by the environment and on its command line.
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export const help = `npm start [-- --no-build] [-- --verbose]

Installs, builds, starts a database, migrates, fills the demo project, and starts the API, a worker and the web pages.
A second start reuses everything. Ctrl-C ends every process it started.

  --no-build   use what was built last time
  --verbose    print what the programs log (it is always in <home>/logs)
  --help       this text

  IMPRINT_WEB_PORT       port of the pages            (3000)
  IMPRINT_API_PORT       port of the API              (4000)
  IMPRINT_DATABASE_PORT  port of the embedded database (5433)
  DATABASE_URL           use this PostgreSQL instead of the embedded one
  IMPRINT_HOME           directory of models, caches, logs and the database (.imprint)
`

function portFrom(name, fallback) {
  const text = process.env[name] ?? ''
  const port = text === '' ? fallback : Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`${name} is "${text}", which is no port. Use a number from 1 to 65535.`)
}

export function readSettings(words) {
  const unknown = words.find((word) => !['--no-build', '--verbose', '--help'].includes(word))
  if (unknown !== undefined) throw new Error(`Unknown option ${unknown}. See: npm start -- --help`)
  const home = path.resolve(root, process.env.IMPRINT_HOME?.trim() || '.imprint')
  return {
    home,
    build: !words.includes('--no-build'),
    verbose: words.includes('--verbose'),
    help: words.includes('--help'),
    webPort: portFrom('IMPRINT_WEB_PORT', 3000),
    apiPort: portFrom('IMPRINT_API_PORT', 4000),
    databasePort: portFrom('IMPRINT_DATABASE_PORT', 5433),
    databaseUrl: process.env.DATABASE_URL?.trim() || null,
  }
}
