// A file -> the checksum a hub lists for it: sha256 of large files, git's object id of small ones.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** `sha256` over the bytes; `git-sha1` over "blob <size>\0" and the bytes, as git names its objects. */
export interface Checksum {
  readonly kind: 'sha256' | 'git-sha1'
  /** Lower-case hexadecimal. */
  readonly digest: string
}

const hexDigits = { sha256: 64, 'git-sha1': 40 } as const
const chunkBytes = 2 ** 20

/** Whether this is the digest of a checksum as it should be written. */
export function isDigest(kind: Checksum['kind'], text: unknown): text is string {
  return typeof text === 'string' && text.length === hexDigits[kind] && /^[0-9a-f]+$/.test(text)
}

/** The file's digest; other work of the process goes on between two chunks. */
export async function checksumOf(
  path: string,
  kind: Checksum['kind'],
  bytes: number,
  onChunk?: (count: number) => void,
): Promise<string> {
  const hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1')
  if (kind === 'git-sha1') hash.update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    hash.update(chunk as Buffer)
    onChunk?.((chunk as Buffer).length)
  }
  return hash.digest('hex')
}

export function formatChecksum({ kind, digest }: Checksum): string {
  return `${kind}:${digest}`
}
