// The server that `lens login` chose, kept in Imprint's home where only its owner can read it.
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LensEngineError } from '../errors.js'

export interface ServerLogin {
  readonly url: string
  /** Null on a server of one user. */
  readonly key: string | null
}

const fileOf = (home: string): string => path.join(home, 'server.json')

/** @throws BAD_ARGUMENT for what is no address of a server */
export function parseServerUrl(text: string): string {
  try {
    const url = new URL(text)
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      throw new TypeError('not http')
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  } catch {
    throw new LensEngineError('BAD_ARGUMENT', `${JSON.stringify(text)} is no address of a server`, {
      cure: 'Give one such as http://localhost:3000, without a password in it.',
    })
  }
}

/** With the mode 0600, whole or not at all. */
export function saveLogin(home: string, login: ServerLogin): void {
  mkdirSync(home, { recursive: true })
  const file = fileOf(home)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(login)}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, file)
}

/** Whether there was one. */
export function forgetLogin(home: string): boolean {
  const known = readFile(home) !== null
  rmSync(fileOf(home), { force: true })
  return known
}

/** @throws SERVER_UNKNOWN before `lens login` */
export function readLogin(home: string): ServerLogin {
  try {
    const { url, key } = JSON.parse(readFile(home) ?? '') as Partial<ServerLogin>
    if (typeof url !== 'string') throw new TypeError('no address')
    return { url, key: typeof key === 'string' ? key : null }
  } catch {
    throw new LensEngineError('SERVER_UNKNOWN', 'no server was chosen', {
      cure: 'Run `lens login <address>`, with IMPRINT_KEY set to an API key where people sign in.',
    })
  }
}

function readFile(home: string): string | null {
  try {
    return readFileSync(fileOf(home), 'utf8')
  } catch {
    return null
  }
}
