// The record Imprint keeps beside a stored model: what it is called, where it came from, and what its files were.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const manifestFile = 'imprint.json'

export interface StoredFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Where a downloaded model came from: enough to fetch the same bytes again. */
export interface HubOrigin {
  /** Host of the hub. */
  readonly endpoint: string
  /** `owner/name` */
  readonly repository: string
  /** As it was asked for: a branch, a tag or a commit. */
  readonly revision: string
  /** What that was at the time, 40 hexadecimal digits. */
  readonly commit: string
  /** The GGUF file that was asked for, or null. */
  readonly file: string | null
  /** What was fetched, with the checksum the hub lists and the download had: `sha256:` or `git-sha1:`. */
  readonly files: readonly {
    readonly name: string
    readonly bytes: number
    readonly checksum: string
  }[]
}

export interface ModelManifest {
  readonly format: 1
  readonly name: string
  /** Directory or GGUF file it was imported from; `hf:owner/name@commit` where it was downloaded. */
  readonly source: string
  /** Absent where it came from this machine's disk. */
  readonly hub?: HubOrigin
  readonly importedAt: string
  readonly weightsDigest: string
  readonly configDigest: string
  readonly files: readonly StoredFile[]
}

/** The manifest in a store directory; null when there is none or it is damaged. */
export function readManifest(directory: string): ModelManifest | null {
  try {
    const manifest = JSON.parse(
      readFileSync(join(directory, manifestFile), 'utf8'),
    ) as ModelManifest
    const complete =
      manifest.format === 1 && Array.isArray(manifest.files) && typeof manifest.name === 'string'
    return complete ? manifest : null
  } catch {
    return null
  }
}
