// Which methods stand in the table of cases, and how a cell of it reads.
import type { ComparisonCasesQuery } from '../../../graphql/generated/graphql'
import { PLACE } from '../../edits/edit-words'
import { isControl, type Arm, type Comparison } from '../comparison-model'
import type { CaseOrder, ComparisonView } from '../comparison-view'

export type CaseRow = ComparisonCasesQuery['comparisonCases']['rows'][number]
export type CaseCell = CaseRow['cells'][number]

export const MOST_ARMS = 4

/** Those of the flips and the chosen ones, or the first two that edit. */
export function caseArms(comparison: Comparison, view: ComparisonView): readonly Arm[] {
  const { flips } = view.filter
  const wanted = [...(flips ? [flips.firstArmId, flips.secondArmId] : []), ...view.arms]
  const chosen = [...new Set(wanted)].flatMap((id) =>
    comparison.arms.filter((arm) => arm.id === id),
  )
  if (chosen.length > 0) return chosen.slice(0, MOST_ARMS)
  const edited = comparison.arms.filter((arm) => !isControl(arm))
  return (edited.length > 0 ? edited : comparison.arms).slice(0, 2)
}

/** Those shown and those that the filter and the order need; an outcome is one of any method, as it is for table and plots. */
export function askedArms(
  { arms }: Pick<Comparison, 'arms'>,
  shown: readonly Arm[],
  view: ComparisonView,
): readonly string[] {
  const { flips, ranges, outcome } = view.filter
  const ordered = view.order !== null && 'armId' in view.order ? [view.order.armId] : []
  return [
    ...new Set([
      ...shown.map(({ id }) => id),
      ...ranges.map(({ armId }) => armId),
      ...(flips ? [flips.firstArmId, flips.secondArmId] : []),
      ...ordered,
      ...(outcome ? arms.map(({ id }) => id) : []),
    ]),
  ]
}

/** Whether both sort by the same, whichever way. */
export function sameOrder(a: CaseOrder | null, b: CaseOrder): boolean {
  if (a === null) return false
  if ('field' in a || 'field' in b) return 'field' in a && 'field' in b && a.field === b.field
  return a.armId === b.armId && a.metric === b.metric && a.side === b.side
}

/** As `nextSort`: one way, the other way, then the order of the slice again. */
export function nextOrder(order: CaseOrder | null, wanted: CaseOrder): CaseOrder | null {
  if (order === null || !sameOrder(order, wanted)) return wanted
  return order.descending === wanted.descending
    ? { ...wanted, descending: !wanted.descending }
    : null
}

export interface PromptParts {
  readonly before: string
  readonly subject: string
  readonly after: string
}

/** The prompt around the first place of its subject. */
export function partsOf(prompt: string, subject: string): PromptParts {
  const mark = prompt.includes(PLACE) ? PLACE : subject
  const at = mark === '' ? -1 : prompt.indexOf(mark)
  if (at < 0) return { before: prompt, subject: '', after: '' }
  return { before: prompt.slice(0, at), subject, after: prompt.slice(at + mark.length) }
}
