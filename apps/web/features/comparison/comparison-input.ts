// What is compared and how it is looked at -> what the API is asked.
import type { ComparisonInput } from '../../graphql/generated/graphql'
import { shownFilter } from './chosen'
import type { ComparisonView } from './comparison-view'

/** Ids of the evaluations that are put side by side. */
export type ComparedIds = readonly string[]

/** What table and plots are asked with. */
export function comparisonInput(
  ids: ComparedIds,
  view: Pick<ComparisonView, 'narrowed' | 'filter'>,
): ComparisonInput {
  const filter = shownFilter(view)
  return { evaluationIds: [...ids], ...(filter && { filter }) }
}
