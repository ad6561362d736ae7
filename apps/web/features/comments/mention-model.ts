// The "@name" that is being typed, and the text once a name is chosen.
export interface OpenMention {
  /** Where its "@" stands. */
  readonly start: number
  readonly query: string
}

interface Named {
  readonly handle: string
  readonly name: string
}

const MOST = 6
const OPEN = /(^|[\s([{,;:])@([\w.-]{0,40})$/u

/** The mention that ends at the caret; null where none is being typed. */
export function mentionAt(text: string, caret: number): OpenMention | null {
  const found = OPEN.exec(text.slice(0, caret))
  if (!found) return null
  const query = found[2] ?? ''
  return { start: caret - query.length - 1, query }
}

export function completeMention(
  text: string,
  { start, query }: OpenMention,
  handle: string,
): { readonly text: string; readonly caret: number } {
  const after = text.slice(start + 1 + query.length)
  const put = `@${handle}${after.startsWith(' ') ? '' : ' '}`
  return { text: text.slice(0, start) + put + after, caret: start + handle.length + 2 }
}

/** Those whose handle or one of whose names starts with what was typed, handles first. */
export function matchPeople<P extends Named>(people: readonly P[], query: string): readonly P[] {
  const wanted = query.toLowerCase()
  const rank = ({ handle, name }: Named): number => {
    if (handle.toLowerCase().startsWith(wanted)) return 0
    return name
      .toLowerCase()
      .split(/\s+/)
      .some((part) => part.startsWith(wanted))
      ? 1
      : 2
  }
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.person.handle.localeCompare(b.person.handle))
    .slice(0, MOST)
    .map(({ person }) => person)
}
