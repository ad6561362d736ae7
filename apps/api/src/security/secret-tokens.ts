// API keys and the tokens of links: made from random bytes, shown once, kept only as SHA-256.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefix = 'lens_live_'
const [idLength, secretBytes, checksumLength] = [8, 32, 6] as const
/** Base-62 digits that 32 bytes need: ceil(256 / log2 62). */
const secretLength = 43
const form = new RegExp(
  `^${prefix}([0-9A-Za-z]{${idLength}})_([0-9A-Za-z]{${secretLength + checksumLength}})$`,
)

export interface MadeKey {
  /** The whole key, shown once. */
  readonly key: string
  /** By which it is found; public. */
  readonly publicId: string
  /** SHA-256 of the key in hexadecimal: a key has 256 random bits, so a slow hash would only cost time. */
  readonly hash: string
}

const base62 = (value: bigint, length: number): string => {
  let [rest, text] = [value, '']
  for (let place = 0; place < length; place += 1) {
    text = `${digits[Number(rest % 62n)]}${text}`
    rest /= 62n
  }
  return text
}

const randomNumber = (bytes: number): bigint => BigInt(`0x${randomBytes(bytes).toString('hex')}`)

const checksumOf = (text: string): string => base62(BigInt(crc32(text)), checksumLength)

/** `lens_live_<8 id>_<43 digits of 32 bytes><6 digits of CRC-32>` */
export function makeKey(): MadeKey {
  const publicId = base62(randomNumber(8), idLength)
  const body = `${prefix}${publicId}_${base62(randomNumber(secretBytes), secretLength)}`
  const key = body + checksumOf(body)
  return { key, publicId, hash: hashOf(key) }
}

/** The id of a well-formed key; null for a text that is none or has a typing mistake, which no database need be asked about. */
export function publicIdOf(key: string): string | null {
  const found = form.exec(key)
  if (found === null) return null
  const body = key.slice(0, -checksumLength)
  return checksumOf(body) === key.slice(-checksumLength) ? (found[1] as string) : null
}

/** What a person sees of a key afterwards. */
export const startOf = (publicId: string): string => `${prefix}${publicId}_…`

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Compares in a time that does not depend on where they differ. */
export function sameHash(first: string, second: string): boolean {
  const [one, other] = [Buffer.from(first), Buffer.from(second)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** A token for a link: 32 random bytes as base64url. */
export const makeToken = (): string => randomBytes(32).toString('base64url')
