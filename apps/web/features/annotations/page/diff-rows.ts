// Differences of a version as the API gives them -> one row for each field that changed.
interface Piece {
  readonly field: string
  readonly kind: string
  readonly text: string
}

export interface DiffRow {
  readonly field: string
  readonly parts: readonly Piece[]
}

/** Fields in the order they come; a field whose words all stayed is left out. */
export function diffRows(diff: readonly Piece[]): DiffRow[] {
  const fields = [...new Set(diff.map(({ field }) => field))]
  return fields
    .map((field) => ({ field, parts: diff.filter((piece) => piece.field === field) }))
    .filter(({ parts }) => parts.some(({ kind }) => kind.toLowerCase() !== 'same'))
    .map(({ field, parts }) => ({
      field,
      parts: parts.map((part) => ({ ...part, kind: part.kind.toLowerCase() })),
    }))
}
