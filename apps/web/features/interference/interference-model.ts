// A map of interference -> what its heatmap, its table and its files show.
import type { TalkInterferenceFragment } from '../../graphql/generated/graphql'
import { requestLine } from '../edits/edit-words'

export type InterferenceFacts = TalkInterferenceFragment

export type Overlap = NonNullable<InterferenceFacts['keyOverlap']>

export interface PairRow {
  readonly first: string
  readonly second: string
  readonly firstName: string
  readonly secondName: string
  readonly alone: number
  readonly together: number
  /** together - alone, in probability. */
  readonly change: number
  readonly overlap: number | null
  readonly holds: boolean
}

export function namesOf({ edits }: Pick<InterferenceFacts, 'edits'>): readonly string[] {
  return edits.map((edit) => edit.name?.trim() || requestLine(edit))
}

/** Pairs by what they lose, the worst first; broken ones before those that hold. */
export function pairRows(map: InterferenceFacts): readonly PairRow[] {
  const names = namesOf(map)
  const places = new Map(map.edits.map(({ id }, index) => [id, index]))
  const nameOf = (id: string) => names[places.get(id) ?? -1] ?? 'an edit that is gone'
  return (map.effect ?? [])
    .map(({ first, second, alone, together, firstHolds }) => ({
      first,
      second,
      firstName: nameOf(first),
      secondName: nameOf(second),
      alone,
      together,
      change: together - alone,
      overlap: map.keyOverlap?.[places.get(first) ?? -1]?.[places.get(second) ?? -1] ?? null,
      holds: firstHolds,
    }))
    .sort((a, b) => Number(a.holds) - Number(b.holds) || a.change - b.change)
}

export const HEADER = [
  'first',
  'second',
  'key_overlap',
  'probability_alone',
  'probability_together',
  'change',
  'first_holds',
] as const

export const tableRows = (rows: readonly PairRow[]) =>
  rows.map((row) => [
    row.firstName,
    row.secondName,
    row.overlap,
    row.alone,
    row.together,
    row.change,
    row.holds,
  ])

/** The largest overlap of two different edits. */
export function worstOverlap(overlap: Overlap): number {
  return overlap.reduce(
    (most, row, i) =>
      row.reduce((best, value, j) => (i === j ? best : Math.max(best, Math.abs(value))), most),
    0,
  )
}
