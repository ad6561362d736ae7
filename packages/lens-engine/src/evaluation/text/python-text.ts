// What Python's `re` and `str` mean by space, word character, digit and case, as parts of JavaScript patterns (flag u).

/** Characters of Python's `\s` and `str.isspace`; JavaScript's `\s` has U+FEFF and lacks U+001C to U+001F and U+0085. */
export const SPACES =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

/** Characters of Python's `\w`: `str.isalnum` and the underscore. Combining marks are not among them. */
export const WORD = '\\p{L}\\p{N}_'

/** Python's `\b` for the characters of `\w`. */
export const WORD_EDGE = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`

/** Python's `$` without flags: the end, or before a last line feed. */
export const END = '(?=\\n?(?![\\s\\S]))'

const trailing = new RegExp(`[${SPACES}]+$`, 'u')
const runs = new RegExp(`[${SPACES}]+`, 'u')
const onlySpaces = new RegExp(`^[${SPACES}]*$`, 'u')

/** `text.rstrip()`. */
export function stripEnd(text: string): string {
  return text.replace(trailing, '')
}

/** `text.split()`. */
export function splitAtSpaces(text: string): string[] {
  return text.split(runs).filter((word) => word !== '')
}

/** Whether `text.strip()` is empty. */
export function isBlank(text: string): boolean {
  return onlySpaces.test(text)
}

/** `text[0].isupper()`, by code point. */
export function startsUpper(text: string): boolean {
  return /^\p{Uppercase}/u.test(text)
}

/** `text[0].islower()`, by code point. */
export function startsLower(text: string): boolean {
  return /^\p{Lowercase}/u.test(text)
}
