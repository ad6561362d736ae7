// A text -> for each UTF-8 byte of what the tokenizer reads, the place of its character in the text as it was written.

const encoder = new TextEncoder()

export interface BytePlaces {
  /** UTF-16 offset before the character, for each byte. */
  readonly start: readonly number[]
  /** UTF-16 offset after it. */
  readonly end: readonly number[]
}

/** A character and what can join it under NFC: combining marks, and the vowels and final consonants of Hangul. */
const joined = String.raw`[^\p{M}\u1160-\u11ff][\p{M}\u1160-\u11ff]+|[\p{M}\u1160-\u11ff]+`

/** @param composed whether the tokenizer reads the text in Unicode's NFC; @param whole contents of added tokens, never composed */
export function placeBytes(text: string, composed: boolean, whole: readonly string[]): BytePlaces {
  const places = { start: [] as number[], end: [] as number[] }
  if (!composed || text === text.normalize('NFC')) {
    addCharacters(places, text, 0)
    return places
  }
  let done = 0
  for (const { 0: part, index } of text.matchAll(partPattern(whole))) {
    addCharacters(places, text.slice(done, index), done)
    const after = index + part.length
    const read = whole.includes(part) ? part : part.normalize('NFC')
    if (read === part) addCharacters(places, part, index)
    else addBytes(places, read, index, after)
    done = after
  }
  addCharacters(places, text.slice(done), done)
  return places
}

/** Added tokens first, longer before shorter; then everything that NFC may change. */
function partPattern(whole: readonly string[]): RegExp {
  const literal = [...whole]
    .sort((left, right) => right.length - left.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
  return new RegExp([...literal, joined, String.raw`[^\x00-\x7f]`].join('|'), 'gu')
}

type Growing = { readonly start: number[]; readonly end: number[] }

function addCharacters(places: Growing, text: string, offset: number): void {
  let start = offset
  for (const character of text) {
    addBytes(places, character, start, start + character.length)
    start += character.length
  }
}

function addBytes(places: Growing, read: string, start: number, end: number): void {
  for (let count = encoder.encode(read).length; count > 0; count--) {
    places.start.push(start)
    places.end.push(end)
  }
}
