// The secret that signs cookies: given by the environment, or made once and kept in Imprint's home.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { AccountSettings } from './account-settings.js'

/** Several processes of one home get the same secret: the first to write it wins. */
export function readAuthSecret({ secret, secretFile }: AccountSettings): string {
  if (secret !== undefined) return secret
  mkdirSync(path.dirname(secretFile), { recursive: true })
  const made = randomBytes(48).toString('base64url')
  try {
    writeFileSync(secretFile, made, { flag: 'wx', mode: 0o600 })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readFileSync(secretFile, 'utf8').trim()
  }
}
