// Where tokens stand in their text. Tokens are runs of the text's bytes; each gets the characters it has a byte of.
import type { TokenSpan } from './tokenizer.js'

const encoder = new TextEncoder()
const space = 0x20

export interface PlacingRules {
  readonly bytesOf: (id: number) => Uint8Array
  readonly isAdded: (id: number) => boolean
  /** Whether a space that is not in the text was put before it, and after each added token. */
  readonly spaceBefore: boolean
}

export function placeTokens(
  text: string,
  ids: readonly number[],
  { bytesOf, isAdded, spaceBefore }: PlacingRules,
): TokenSpan[] {
  const { startOfByte, endOfByte } = mapBytesToCharacters(text)
  let byte = 0
  let opensSection = true
  return ids.map((id) => {
    const bytes = bytesOf(id)
    const invented = spaceBefore && opensSection && !isAdded(id) && bytes[0] === space ? 1 : 0
    opensSection = isAdded(id)
    const length = bytes.length - invented
    const first = Math.min(byte, startOfByte.length - 1)
    byte += length
    const last = Math.min(byte, endOfByte.length) - 1
    const start = startOfByte[first] ?? text.length
    return { id, start, end: length === 0 ? start : (endOfByte[last] ?? text.length) }
  })
}

/** For each UTF-8 byte of the text, the UTF-16 offsets before and after its character. */
function mapBytesToCharacters(text: string): { startOfByte: number[]; endOfByte: number[] } {
  const startOfByte: number[] = []
  const endOfByte: number[] = []
  let offset = 0
  for (const character of text) {
    const end = offset + character.length
    for (let count = encoder.encode(character).length; count > 0; count--) {
      startOfByte.push(offset)
      endOfByte.push(end)
    }
    offset = end
  }
  return { startOfByte, endOfByte }
}
