// Scores of SentencePiece tokens -> the list of merges that makes the same choices, best score first.

const normalToken = 1

/**
 * Every way to put a token together from two others, ordered by the score of the whole; among equals the longer left
 * part comes first, then the longer right part, then lower ids, as the reference converter orders them.
 * @param kinds token kinds by id, or empty when every token is a normal one
 */
export function sentencePieceMerges(
  tokens: readonly string[],
  scores: ArrayLike<number>,
  kinds: ArrayLike<number>,
): readonly (readonly [string, string])[] {
  const normal = (id: number): boolean => kinds.length === 0 || kinds[id] === normalToken
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const lengths = tokens.map((token) => [...token].length)
  const lengthOf = (id: number): number => lengths[id]!
  const merges = tokens.flatMap((token, whole) => (normal(whole) ? splitToken(token, whole) : []))
  function splitToken(token: string, whole: number) {
    const found: { whole: number; left: number; right: number }[] = []
    for (let at = 1; at < token.length; at++) {
      const left = ids.get(token.slice(0, at))
      const right = ids.get(token.slice(at))
      if (left !== undefined && right !== undefined && normal(left) && normal(right))
        found.push({ whole, left, right })
    }
    return found
  }
  return merges
    .sort(
      (a, b) =>
        scores[b.whole]! - scores[a.whole]! ||
        lengthOf(b.left) - lengthOf(a.left) ||
        lengthOf(b.right) - lengthOf(a.right) ||
        a.whole - b.whole ||
        a.left - b.left ||
        a.right - b.right,
    )
    .map(({ left, right }) => [tokens[left]!, tokens[right]!])
}
