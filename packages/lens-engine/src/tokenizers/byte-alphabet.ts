// GPT-2's byte alphabet: every byte stands as one printable character in the vocabulary, and here is the way back.

const printableRanges = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
] as const

/** Character of each byte, 256 of them: itself where printable, else the next free one from U+0100 on. */
export const byteCharacters: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (isPrintable(byte)) return String.fromCharCode(byte)
  const earlier = Array.from({ length: byte }, (_, other) => other).filter(
    (other) => !isPrintable(other),
  )
  return String.fromCharCode(0x100 + earlier.length)
})

const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  byteCharacters.map((character, byte) => [character, byte]),
)

function isPrintable(byte: number): boolean {
  return printableRanges.some(([first, last]) => byte >= first && byte <= last)
}

/** The bytes a vocabulary entry stands for, or null when it has a character outside the alphabet. */
export function bytesOfEntry(entry: string): Uint8Array | null {
  const bytes = new Uint8Array(entry.length)
  for (let index = 0; index < entry.length; index++) {
    const byte = byteOfCharacter.get(entry[index]!)
    if (byte === undefined) return null
    bytes[index] = byte
  }
  return bytes
}

/** Length of the whole UTF-8 character at `index`, or 0 where the bytes there are none. */
function characterLength(bytes: Uint8Array, index: number): number {
  const lead = bytes[index]!
  const length =
    lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (length === 0 || index + length > bytes.length) return 0
  return decodeStrictly(bytes.subarray(index, index + length)) === null ? 0 : length
}

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Control characters that are not white space people write; a display, and a database, can do nothing with them. */
const controlByte = (byte: number): boolean =>
  byte === 0x7f || (byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte))

const escapeByte = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

/** Text of bytes, with control characters and every byte that is part of no whole character written as `\xNN`. */
export function displayBytes(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const byte = bytes[index]!
    const length = controlByte(byte) ? 0 : characterLength(bytes, index)
    text += length === 0 ? escapeByte(byte) : decodeStrictly(bytes.subarray(index, index + length))
    index += Math.max(1, length)
  }
  return text
}
