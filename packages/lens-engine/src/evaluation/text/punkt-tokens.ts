// A stretch of text -> Punkt's tokens: words with their final period, and punctuation.
import { SPACES, startsLower, startsUpper } from './python-text.js'

/** A token of Punkt and what the first pass thinks of it. */
export interface PunktToken {
  readonly text: string
  /** Lower-case text, numbers as `##number##`. */
  readonly type: string
  /** `type` without its final period. */
  readonly bareType: string
  readonly periodFinal: boolean
  readonly ellipsis: boolean
  /** One letter and a period. */
  readonly initial: boolean
  readonly upper: boolean
  readonly lower: boolean
}

/** Characters that cannot stand within a word; the period can. */
export const NON_WORD = '[)";}\\]*:@\'({\\[?!]'

const SPACE = `[${SPACES}]`
const NON_SPACE = `[^${SPACES}]`
const MULTIPLE = `(?:-{2,}|\\.{2,}|(?:\\.${SPACE}){2,}\\.)`
const END = '(?![\\s\\S])'
const WORD_END = `(?=${SPACE}|${END}|${NON_WORD}|${MULTIPLE}|,(?=${END}|${SPACE}|${NON_WORD}|${MULTIPLE}))`
const word = new RegExp(
  `${MULTIPLE}|(?=[^("\`{\\[:;&#*@)}\\]\\-,])${NON_SPACE}+?${WORD_END}|${NON_SPACE}`,
  'gu',
)
const number = /^-?[.,]?\p{Nd}[\p{Nd},.-]*\.?$/u
const initial = /^[\p{L}\p{Nl}\p{No}_]\.$/u

/** Tokens of the text, line by line. */
export function punktTokens(text: string): PunktToken[] {
  return text
    .split('\n')
    .flatMap((line) => Array.from(line.matchAll(word), ([found]) => token(found)))
}

function token(text: string): PunktToken {
  const type = text.toLowerCase().replace(number, '##number##')
  return {
    text,
    type,
    bareType: withoutPeriod(type),
    periodFinal: text.endsWith('.'),
    ellipsis: /^\.\.+$/.test(text),
    initial: initial.test(text),
    upper: startsUpper(text),
    lower: startsLower(text),
  }
}

function withoutPeriod(type: string): string {
  return type.length > 1 && type.endsWith('.') ? type.slice(0, -1) : type
}
