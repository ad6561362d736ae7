// What somebody typed -> what PostgreSQL is asked.

export interface SearchWords {
  /** As `websearch_to_tsquery` reads it: words, "phrases", or, -not. */
  readonly whole: string
  /** Where the last word may be unfinished: what stands before it, and the word itself in lower case. */
  readonly before: string
  readonly beginning: string | null
}

const shortestBeginning = 3

export function wordsOf(text: string): SearchWords {
  const whole = text.trim().replace(/\s+/g, ' ')
  const [, before = '', last = ''] = /^(?:(.*) )?([\p{L}\p{N}]+)$/u.exec(whole) ?? []
  const isPlain = !/["-]|\bor\b/i.test(whole)
  const isLong = last.length >= shortestBeginning
  return isPlain && isLong
    ? { whole, before, beginning: last.toLowerCase() }
    : { whole, before: whole, beginning: null }
}

const longestPiece = 160

/** Marks of the beginning and the end of a match; they are in nobody's text, as they are taken out of it before. */
export const marks = { begin: '\ue000', end: '\ue001' } as const

export interface Piece {
  readonly text: string
  readonly hit: boolean
}

/** A text with marks -> its pieces. */
export function piecesOf(marked: string): Piece[] {
  const pieces = marked
    .split(/[\ue000\ue001]/)
    .map((text, index) => ({ text, hit: index % 2 === 1 }))
  return pieces.filter(({ text }) => text !== '')
}

/** Pieces of a text whose words are only like what was looked for. */
export function likePieces(text: string, looked: string): Piece[] {
  const wanted = looked.toLowerCase().split(/\s+/).map(trigramsOf)
  const parts = text.slice(0, longestPiece).split(/([\p{L}\p{N}]+)/u)
  const pieces = parts.map((part, index) => ({
    text: part,
    hit: index % 2 === 1 && wanted.some((trigrams) => likeness(trigramsOf(part), trigrams) >= 0.3),
  }))
  return pieces.filter((piece) => piece.text !== '')
}

/** As pg_trgm has them: two spaces before a word and one behind it. */
function trigramsOf(word: string): Set<string> {
  const padded = `  ${word.toLowerCase()} `
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)))
}

function likeness(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  const shared = [...first].filter((trigram) => second.has(trigram)).length
  return shared / (first.size + second.size - shared)
}
