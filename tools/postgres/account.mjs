// PostgreSQL refuses to run as root. This decides which account runs it, and where that account can reach its files.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

const isRoot = process.getuid?.() === 0

function accountNamed(name) {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [account, , uid, gid] = line.split(':')
    if (account === name) return { uid: Number(uid), gid: Number(gid) }
  }
  return null
}

/** The account needs a line in /etc/passwd: the server looks its own name up. */
function serviceAccount() {
  const existing = accountNamed('postgres')
  if (existing !== null) return existing
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
  const account = accountNamed('postgres') ?? accountNamed('nobody')
  if (account === null)
    throw new Error('PostgreSQL cannot run as root, and no other account exists. Set DATABASE_URL.')
  return account
}

/** Whether the account can enter a directory. */
export function canEnter(directory, account) {
  if (account === null) return true
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...account, cwd: '/' }).status === 0
  )
}

/** Root runs the server as the owner of the data, else as `postgres`; anyone else runs it as themselves (null). */
export function chooseAccount(dataDirectory) {
  if (!isRoot) return null
  const owner = statSync(dataDirectory, { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return serviceAccount()
}

/** A directory that the account owns: the wanted one, or, under a home directory it cannot enter, one below /var/lib. */
export function ownedDirectory(wanted, account) {
  mkdirSync(wanted, { recursive: true })
  if (account === null) return wanted
  if (canEnter(path.dirname(wanted), account) || openForOthers(path.dirname(wanted), account))
    return own(wanted, account)
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 12)
  const elsewhere = path.join('/var/lib/imprint', key)
  mkdirSync(elsewhere, { recursive: true })
  chmodSync('/var/lib/imprint', 0o755)
  return own(elsewhere, account)
}

/** A private home directory of Imprint's own is made passable (not readable), if that is all that is in the way. */
function openForOthers(directory, account) {
  if (!canEnter(path.dirname(directory), account)) return false
  chmodSync(directory, (statSync(directory).mode & 0o777) | 0o011)
  return canEnter(directory, account)
}

function own(directory, account) {
  chownSync(directory, account.uid, account.gid)
  chmodSync(directory, 0o700)
  return directory
}

/** Options of `spawn` that run a program as the account. */
export function asAccount(account) {
  return account === null
    ? {}
    : { ...account, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
}
