// Walks through the head of a GGUF file: little-endian numbers and strings, every length checked before it is believed.
import { ggufInvalid, type GgufFault } from './gguf-error.js'

/** Where bytes come from: an open file, or a buffer in tests. */
export interface ByteSource {
  readonly size: number
  /** Exactly `length` bytes at `position`; the caller stays within `size`. */
  read(position: number, length: number): Buffer
}

/** A header of more bytes than this is refused. */
export const maximumHeaderBytes = 64 * 2 ** 20
const windowBytes = 2 ** 20

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A reading position in the header. */
export class GgufCursor {
  private window: Buffer = Buffer.alloc(0)
  private windowStart = 0
  /** Bytes read so far. */
  position = 0

  constructor(
    private readonly source: ByteSource,
    readonly file: string,
  ) {}

  /** Bytes that the header may still have. */
  get remaining(): number {
    return Math.min(this.source.size, maximumHeaderBytes) - this.position
  }

  /** The next `length` bytes, as a view that is valid until the next call. */
  take(length: number): Buffer {
    this.require(length)
    if (this.position + length > this.windowStart + this.window.length) {
      const wanted = Math.max(length, Math.min(windowBytes, this.remaining))
      this.window = this.source.read(this.position, wanted)
      this.windowStart = this.position
    }
    const start = this.position - this.windowStart
    this.position += length
    return this.window.subarray(start, start + length)
  }

  /** @throws WEIGHTS_INVALID when fewer than `length` bytes are left */
  require(length: number): void {
    if (length <= this.remaining) return
    const beyondFile = this.position + length > this.source.size
    throw ggufInvalid(
      beyondFile ? 'HEADER_BEYOND_FILE' : 'HEADER_TOO_LARGE',
      this.file,
      beyondFile
        ? `the header needs byte ${this.position + length} of a file of ${this.source.size}`
        : `a header of more than ${maximumHeaderBytes} bytes`,
      { needed: this.position + length, available: this.source.size, limit: maximumHeaderBytes },
    )
  }

  uint32(): number {
    return this.take(4).readUInt32LE()
  }

  uint64(): bigint {
    return this.take(8).readBigUInt64LE()
  }

  /** A 64-bit count of at most `limit`. @throws WEIGHTS_INVALID with `reason` */
  count(limit: number, reason: GgufFault, what: string): number {
    const value = this.uint64()
    if (value <= BigInt(limit)) return Number(value)
    throw ggufInvalid(reason, this.file, `${what}: ${value}, more than ${limit}`, {
      value: String(value),
      limit,
    })
  }

  /** A string of at most `limit` bytes. @throws WEIGHTS_INVALID with `reason`, or NOT_UTF8 */
  string(limit: number, reason: GgufFault, what: string): string {
    const bytes = this.take(this.count(limit, reason, `the length of ${what}`))
    try {
      return decoder.decode(bytes)
    } catch {
      throw ggufInvalid('NOT_UTF8', this.file, `${what} is not UTF-8 text`, {
        position: this.position - bytes.length,
      })
    }
  }
}
