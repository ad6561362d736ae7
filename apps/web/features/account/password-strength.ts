// A password -> how hard it is to guess, roughly. A hint for people; the API decides what it accepts.
export const SHORTEST_PASSWORD = 10

export interface Strength {
  /** 0 to 4. */
  readonly level: number
  readonly words: string
}

const COMMON = /^(pass|passwor[dt]|qwert[yz]|letmein|welcome|admin|imprint|iloveyou|abc|123)/i
const KINDS = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/]
const WORDS = ['weak', 'weak', 'fair', 'good', 'strong']

/** Characters that bring something new: not the one before again, nor the next in a row. */
function freshCharacters(text: string): number {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  return codes.filter((code, place) => {
    const step = code - (codes[place - 1] ?? -9)
    return step !== 0 && step !== 1 && step !== -1
  }).length
}

export function strengthOf(password: string, known: readonly string[] = []): Strength {
  if (password.length < SHORTEST_PASSWORD)
    return { level: 0, words: `at least ${SHORTEST_PASSWORD} characters` }
  const lower = password.toLowerCase()
  const told = known.some((word) => word.length > 3 && lower.includes(word.toLowerCase()))
  if (told) return { level: 1, words: 'weak: it holds your name or e-mail' }
  const kinds = KINDS.filter((kind) => kind.test(password)).length
  const points = freshCharacters(password) + 2 * (kinds - 1) - (COMMON.test(password) ? 8 : 0)
  const level = points >= 20 ? 4 : points >= 15 ? 3 : points >= 10 ? 2 : 1
  return { level, words: WORDS[level] ?? 'weak' }
}
