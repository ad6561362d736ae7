// Uploaded files below IMPRINT_HOME/uploads: kept for a day, until an import has used them. Names come from the server alone.
import { randomUUID } from 'node:crypto'
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { UserFailure } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { storableText } from '../text-rules.js'
import { receiveFile } from './receive-file.js'
import type { ReceiveOptions, ReceivedFile } from './receive-file.js'

const noteFile = z.object({
  ...{ name: z.string(), bytes: z.number(), digest: z.string() },
  userId: z.string(),
})

export interface Upload extends ReceivedFile {
  readonly id: string
  /** The name the sender gave it; for people only. */
  readonly name: string
}

/** What its sender says of a file. */
export interface IncomingUpload extends Pick<ReceiveOptions, 'open' | 'expected'> {
  readonly name: string
}

export interface UploadSettings {
  readonly home: string
  readonly uploadBytes: number
}

const keptMilliseconds = 86_400_000
const longestName = 200

export class UploadStore {
  readonly #directory: string
  readonly #limit: number

  constructor({ home, uploadBytes }: UploadSettings) {
    this.#directory = path.join(home, 'uploads')
    this.#limit = uploadBytes
  }

  get limit(): number {
    return this.#limit
  }

  /** A place for a file that is fetched from elsewhere. */
  newPath(): string {
    return path.join(this.#directory, randomUUID())
  }

  /**
   * @param userId whose it is: nobody else finds it
   * @throws as `receiveFile`
   */
  async receive(
    stream: Readable,
    userId: string,
    { name, expected, ...extra }: IncomingUpload,
  ): Promise<Upload> {
    const id = randomUUID()
    const file = path.join(this.#directory, id)
    const received = await receiveFile(stream, {
      path: file,
      limit: this.#limit,
      expected,
      ...extra,
    })
    const { bytes, digest } = received
    const note = { name: plainName(name), bytes, digest, userId }
    await writeFile(`${file}.json`, JSON.stringify(note), { mode: 0o600 })
    return { id, ...received, name: note.name }
  }

  /** @throws UPLOAD_NOT_FOUND also for a file that somebody else sent */
  async find(id: string, userId: string): Promise<Upload> {
    const file = path.join(this.#directory, id)
    try {
      if (!isUuid(id)) throw new Error('no id')
      const note = noteFile.parse(JSON.parse(await readFile(`${file}.json`, 'utf8')))
      if (note.userId !== userId) throw new Error('of somebody else')
      const { size } = await stat(file)
      return { id, path: file, name: note.name, digest: note.digest, bytes: size }
    } catch {
      throw new UserFailure('UPLOAD_NOT_FOUND', 'There is no uploaded file with this id.', {
        field: 'source',
        cure: 'Uploads are kept for a day: send the file again.',
      })
    }
  }

  async remove(file: string): Promise<void> {
    await Promise.all([rm(file, { force: true }), rm(`${file}.json`, { force: true })])
  }

  /** Forgets what nobody used for a day, and what was cut off. */
  async removeOld(now = Date.now()): Promise<void> {
    const names = await readdir(this.#directory).catch(() => [])
    for (const name of names) {
      const file = path.join(this.#directory, name)
      const found = await stat(file).catch(() => null)
      if (found !== null && now - found.mtimeMs > keptMilliseconds) await rm(file, { force: true })
    }
  }
}

/** The last part of a path, without what no name needs. */
function plainName(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(/\p{Cc}/gu, '')
  return storableText(clean).trim().slice(0, longestName) || 'upload'
}
