// Two texts -> the words that differ, marked in each (longest common subsequence over words).
export interface DiffPart {
  readonly text: string
  readonly changed: boolean
}

export interface TextDiff {
  readonly before: readonly DiffPart[]
  readonly after: readonly DiffPart[]
}

/** A longer text is compared as a whole: the table has words x words entries. */
const MOST_WORDS = 600

const wordsOf = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? []

/** lengths[i][j]: the longest common subsequence of a from i and b from j. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  )
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i] ?? []
      const below = lengths[i + 1] ?? []
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  return lengths
}

/** Neighbouring words of one kind become one part. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const found: DiffPart[] = []
  for (const part of parts) {
    const last = found.at(-1)
    if (last?.changed === part.changed)
      found[found.length - 1] = { text: last.text + part.text, changed: part.changed }
    else found.push(part)
  }
  return found
}

const whole = (text: string, changed: boolean): DiffPart[] => (text ? [{ text, changed }] : [])

export function diffTexts(before: string, after: string): TextDiff {
  const a = wordsOf(before)
  const b = wordsOf(after)
  if (a.length > MOST_WORDS || b.length > MOST_WORDS)
    return { before: whole(before, before !== after), after: whole(after, before !== after) }
  const lengths = commonLengths(a, b)
  const left: DiffPart[] = []
  const right: DiffPart[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const one = a[i] ?? ''
    const other = b[j] ?? ''
    const same = one === other
    const fromBefore = same || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)
    if (fromBefore) left.push({ text: one, changed: !same })
    if (same || !fromBefore) right.push({ text: other, changed: !same })
    if (fromBefore) i++
    if (same || !fromBefore) j++
  }
  left.push(...a.slice(i).map((text) => ({ text, changed: true })))
  right.push(...b.slice(j).map((text) => ({ text, changed: true })))
  return { before: joined(left), after: joined(right) }
}
