// The disk cache of vector files: one file a question, the least recently used go first when it grows too large.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'

export class VectorCache {
  readonly #directory: string
  readonly #limit: number

  constructor(home: string, limitBytes: number) {
    this.#directory = path.join(home, 'cache', 'vectors')
    this.#limit = limitBytes
  }

  /** Where the file of a question lies; its directory exists afterwards. */
  pathOf(configDigest: string): string {
    if (!/^[0-9a-f]{64}$/.test(configDigest)) throw new RangeError('Not a digest')
    mkdirSync(this.#directory, { recursive: true })
    return path.join(this.#directory, `${configDigest}.safetensors`)
  }

  /** The file, marked as used now; null when it is not there. */
  find(configDigest: string): string | null {
    const file = this.pathOf(configDigest)
    if (!existsSync(file)) return null
    const now = new Date()
    utimesSync(file, now, now)
    return file
  }

  /** Deletes the least recently used files until the rest fits; the newest always stays. */
  trim(): void {
    const files = readdirSync(this.#directory)
      .filter((name) => name.endsWith('.safetensors'))
      .map((name) => path.join(this.#directory, name))
      .map((file) => ({ file, used: statSync(file).mtimeMs, bytes: statSync(file).size }))
      .sort((a, b) => b.used - a.used)
    let total = 0
    files.forEach(({ file, bytes }, index) => {
      total += bytes
      if (index > 0 && total > this.#limit) rmSync(file, { force: true })
    })
  }
}
