// Where the files of a comparison are, and the names they get.
import type { ComparedIds } from './use-comparison'

export type ExportFormat = 'csv' | 'json' | 'tex'

/** The API makes the files, so that a script gets the same. */
export function exportAddress(
  ids: ComparedIds,
  format: ExportFormat,
  arms: readonly string[],
  columns: readonly string[] | null,
): string {
  const query = new URLSearchParams({ evaluations: ids.join(',') })
  if (arms.length > 0) query.set('arms', arms.join(','))
  if (columns && columns.length > 0) query.set('metrics', columns.join(','))
  const text = query.toString().replaceAll('%2C', ',')
  return `/api/evaluations/${ids[0] ?? ''}/comparison.${format}?${text}`
}

/** Ids of `?ids=a,b`, each once. */
export function parseIds(text: string | null): readonly string[] {
  return [...new Set((text ?? '').split(',').filter((id) => id !== ''))]
}
