// Where tokens stand in their text. Tokens are runs of the bytes a tokenizer reads; each gets the characters it has a byte of.
import { placeBytes } from './normalized-places.js'
import type { TokenSpan } from './tokenizer.js'

const space = 0x20

/**
 * Where a tokenizer puts a space that is not in the text: nowhere, before every stretch of text between added tokens, before
 * each that does not begin with a space, or so before the first alone.
 */
export type SpacePrefix = 'none' | 'always' | 'unless-space' | 'first-unless-space'

export interface PlacingRules {
  /** Bytes of the text that a token stands for. */
  readonly bytesOf: (id: number) => Uint8Array
  /** Tokens that are cut out of the text before it is prepared; a stretch of text begins after each. */
  readonly isCut: (id: number) => boolean
  readonly prefix: SpacePrefix
  /** Whether the tokenizer reads the text in Unicode's NFC. */
  readonly composed: boolean
  /** Contents of the tokens that are cut out. */
  readonly cutContents: readonly string[]
}

export function placeTokens(
  text: string,
  ids: readonly number[],
  { bytesOf, isCut, prefix, composed, cutContents }: PlacingRules,
): TokenSpan[] {
  const places = placeBytes(text, composed, cutContents)
  let byte = 0
  let opens = true
  return ids.map((id) => {
    const bytes = bytesOf(id)
    const opening = opens && !isCut(id) && bytes[0] === space
    const length = bytes.length - (opening && isInvented(prefix, text, places.start[byte]) ? 1 : 0)
    opens = isCut(id)
    const first = Math.min(byte, places.start.length - 1)
    byte += length
    const last = Math.min(byte, places.end.length) - 1
    const start = places.start[first] ?? text.length
    return { id, start, end: length === 0 ? start : (places.end[last] ?? text.length) }
  })
}

/** Whether the space at the beginning of a stretch of text at `offset` is one that the tokenizer put there. */
function isInvented(prefix: SpacePrefix, text: string, offset: number | undefined): boolean {
  if (prefix === 'none' || offset === undefined) return false
  if (prefix === 'always') return true
  return text[offset] !== ' ' && (prefix === 'unless-space' || offset === 0)
}
