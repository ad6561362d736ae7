// A view -> all that is chosen in it, as texts: what was pulled over a plot holds as long as what it chose is among them.
import type { CaseFilter } from '../../graphql/generated/graphql'
import {
  filterEntries,
  filterInput,
  NO_FILTER,
  type CasesFilter,
  type ComparisonView,
} from './comparison-view'

/** What table, plots and their files are asked with: the filter counts only where the reader wants it to. */
export const shownFilter = ({
  narrowed,
  filter,
}: Pick<ComparisonView, 'narrowed' | 'filter'>): CaseFilter | null =>
  narrowed ? filterInput(filter) : null

const inWords = (entries: readonly (readonly [string, string])[]): readonly string[] =>
  entries.map((entry) => entry.join(' '))

/** What a filter chooses, a text for each part of it. */
export const chosenCases = (filter: Partial<CasesFilter>): readonly string[] =>
  inWords(filterEntries({ ...NO_FILTER, ...filter }))

export const chosenArms = (arms: readonly string[]): readonly string[] =>
  inWords([['arms', arms.join(',')]])

export const chosenIn = ({ filter, arms }: ComparisonView): readonly string[] => [
  ...chosenCases(filter),
  ...chosenArms(arms),
]
