// sha256 of a file, remembered under the home directory for as long as path, size, time of change and inode stay the same.
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomically } from '../weights/atomic-file.js'

interface RememberedDigest {
  readonly path: string
  readonly identity: string
  readonly sha256: string
}

const chunkBytes = 8 * 2 ** 20

/** sha256 of the file's bytes in hexadecimal; reads the file only when it changed since the last time. */
export function digestFile(path: string, home: string): string {
  const identity = identityOf(path)
  const known = recall(path, home)
  if (known !== null && known.identity === identity) return known.sha256
  const sha256 = hashFile(path)
  // Only a file that kept still while it was read is remembered.
  if (identityOf(path) === identity) remember({ path, identity, sha256 }, home)
  return sha256
}

/** Records a digest that is known already, such as that of a file just linked into the store. */
export function rememberDigest(path: string, sha256: string, home: string): void {
  remember({ path, identity: identityOf(path), sha256 }, home)
}

function identityOf(path: string): string {
  const { size, mtimeNs, ino, dev } = statSync(path, { bigint: true })
  return [size, mtimeNs, ino, dev].join(':')
}

function recall(path: string, home: string): RememberedDigest | null {
  try {
    const record = JSON.parse(readFileSync(recordPath(path, home), 'utf8')) as RememberedDigest
    return record.path === path && /^[0-9a-f]{64}$/.test(record.sha256) ? record : null
  } catch {
    return null
  }
}

/** A digest that cannot be remembered is only computed again. */
function remember(record: RememberedDigest, home: string): void {
  const bytes = Buffer.from(JSON.stringify(record))
  try {
    mkdirSync(join(home, 'digests'), { recursive: true })
    writeFileAtomically(recordPath(record.path, home), (append) => append(bytes), bytes.length)
  } catch {
    return
  }
}

function recordPath(path: string, home: string): string {
  return join(
    home,
    'digests',
    `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.json`,
  )
}

function hashFile(path: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(chunkBytes)
  const descriptor = openSync(path, 'r')
  try {
    for (;;) {
      const count = readSync(descriptor, chunk, 0, chunk.length, null)
      if (count === 0) return hash.digest('hex')
      hash.update(chunk.subarray(0, count))
    }
  } finally {
    closeSync(descriptor)
  }
}
