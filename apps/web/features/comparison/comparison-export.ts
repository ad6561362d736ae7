// Where the files of a comparison are, and the names they get.
import { shownFilter } from './chosen'
import type { ComparisonView } from './comparison-view'
import type { ComparedIds } from './comparison-input'

export type ExportFile = 'comparison.csv' | 'comparison.json' | 'comparison.tex' | 'differences.csv'

type Shown = Pick<ComparisonView, 'arms' | 'columns' | 'narrowed' | 'filter'>

/** The API makes the files, so that a script gets the same: of the cases that table and plots are of. */
export function exportAddress(ids: ComparedIds, file: ExportFile, view: Shown): string {
  const query = new URLSearchParams({ evaluations: ids.join(',') })
  if (view.arms.length > 0) query.set('arms', view.arms.join(','))
  if (view.columns && view.columns.length > 0) query.set('metrics', view.columns.join(','))
  const filter = shownFilter(view)
  if (filter) query.set('filter', JSON.stringify(filter))
  const text = query.toString().replaceAll('%2C', ',')
  return `/api/evaluations/${ids[0] ?? ''}/${file}?${text}`
}

/** Ids of `?ids=a,b`, each once. */
export function parseIds(text: string | null): readonly string[] {
  return [...new Set((text ?? '').split(',').filter((id) => id !== ''))]
}
