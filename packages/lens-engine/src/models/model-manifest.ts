// The record Imprint keeps beside a stored model: what it is called, where it came from, and what its files were.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const manifestFile = 'imprint.json'

export interface StoredFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface ModelManifest {
  readonly format: 1
  readonly name: string
  /** Directory it was imported from. */
  readonly source: string
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
