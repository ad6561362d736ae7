// Where Imprint keeps its files: IMPRINT_HOME, else `.imprint` in the clone, else `.imprint` in the user's home.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest directory above this file whose package.json has the name, or null. */
export function findPackageRoot(name: string): string | null {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (packageName(directory) === name) return directory
    if (dirname(directory) === directory) return null
  }
}

/** The clone this package runs from, or null when it was installed elsewhere. */
export function findRepositoryRoot(): string | null {
  return findPackageRoot('imprint')
}

/** Imprint's home directory; it need not exist yet. */
export function resolveHome(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.IMPRINT_HOME
  if (chosen !== undefined && chosen.trim() !== '') return resolve(chosen)
  return join(findRepositoryRoot() ?? homedir(), '.imprint')
}

function packageName(directory: string): string | null {
  const path = join(directory, 'package.json')
  if (!existsSync(path)) return null
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name ?? null
  } catch {
    return null
  }
}
