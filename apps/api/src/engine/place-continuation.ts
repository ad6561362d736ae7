// The tokens of a text that continues another, with where each stands in it: a target has no token that begins a text.
import type { TokenSpan, Tokenizer } from '@imprint/lens-engine'

/** A character has at most four bytes; more tokens than that without a whole one mean that the text is not read as written. */
const mostPending = 4

/** @throws PROMPT_NOT_TEXT */
export function placeContinuation(tokenizer: Tokenizer, text: string): TokenSpan[] {
  const ids = tokenizer.encodeContinuation(text)
  const placed = tokenizer.encodeWithOffsets(text)
  const spans = placed.slice(placed.length - ids.length)
  if (spans.every(({ id }, index) => id === ids[index])) return spans
  return placeByReading(tokenizer, text, ids)
}

/** Reads the tokens back one by one: each stands where the text has grown, and one that ends inside a character covers it. */
function placeByReading(tokenizer: Tokenizer, text: string, ids: readonly number[]): TokenSpan[] {
  const anchor = tokenizer.encodeContinuation('a')
  const read = (some: readonly number[]): string => tokenizer.decode([...anchor, ...some])
  const skipped = read([]).length
  const spans: TokenSpan[] = []
  let done = 0
  let seen = 0
  let pending: number[] = []
  for (const id of ids) {
    pending.push(id)
    const piece = read(pending).slice(skipped)
    const whole = commonLength(piece, text, done)
    const start = done + seen
    const settled = whole === piece.length || pending.length === mostPending
    const end = settled ? done + piece.length : done + whole + characterLength(text, done + whole)
    spans.push({ id, start, end: Math.min(text.length, end) })
    seen = settled ? 0 : whole
    if (settled) done = Math.min(text.length, end)
    if (settled) pending = []
  }
  return spans
}

function commonLength(piece: string, text: string, from: number): number {
  let length = 0
  while (length < piece.length && piece[length] === text[from + length]) length += 1
  return length
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
