'use client'
// The comparison itself: the table first, then plots, then the cases; everything follows one view.
import { useHydrated } from '../../components/use-hydrated'
import { CasesCard } from './cases/cases-card'
import type { Comparison } from './comparison-model'
import { isFiltered, type ComparisonView } from './comparison-view'
import { DifferenceCard } from './differences/difference-card'
import { NumberNotes } from './number-notes'
import { RelationHeatmap } from './plots/relation-heatmap'
import { SpreadCard } from './plots/spread-card'
import { TradeOff } from './plots/trade-off'
import { MethodTable } from './table/method-table'
import type { ComparedIds } from './comparison-input'
import type { ChangeView } from './use-comparison-view'

interface ComparisonBodyProps {
  readonly ids: ComparedIds
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
  readonly address: string
  readonly again: number
}

function Notes({ comparison, view }: Pick<ComparisonBodyProps, 'comparison' | 'view'>) {
  const notes = [
    ...(view.narrowed && isFiltered(view.filter)
      ? [
          `Table and plots are of the ${comparison.cases.toLocaleString('en-US')} filtered cases only.`,
        ]
      : []),
    ...(comparison.shared
      ? []
      : ['Not every method has every case: differences are of the cases both have.']),
    ...(comparison.final
      ? []
      : [`Intervals are of ${comparison.resamples} resamples for now; more are on their way.`]),
    ...comparison.notes,
  ]
  if (notes.length === 0) return null
  return (
    <ul className="comparison-notes muted">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}

export function ComparisonBody(props: ComparisonBodyProps) {
  const { ids, comparison, view, change, address, again } = props
  const plot = { comparison, view, change }
  // Plots are drawn to the width that they have; the table is there before.
  const alive = useHydrated()
  if (comparison.arms.length === 0)
    return <p className="card pad muted">No method has a measured case yet.</p>
  return (
    <NumberNotes>
      <MethodTable {...plot} />
      <Notes comparison={comparison} view={view} />
      {alive && (
        <>
          <div className="plot-row">
            <TradeOff {...plot} />
            <RelationHeatmap {...plot} />
          </div>
          <div className="plot-row even">
            <DifferenceCard {...plot} />
            <SpreadCard {...plot} ids={ids} />
          </div>
          <CasesCard {...plot} ids={ids} again={again} address={address} />
        </>
      )}
    </NumberNotes>
  )
}
