// The path of a page -> the thing it shows, where the path names one.
import type { RowKind } from './anchor.js'

const places: Readonly<Record<string, RowKind>> = {
  evaluations: 'EVALUATION',
  edits: 'EDIT',
  figures: 'FIGURE_SET',
  reviews: 'REVIEW',
  collections: 'COLLECTION',
  datasets: 'DATASET',
}

const pattern = /^\/([a-z]+)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?]|$)/i

export function pageSubject(page: string): { readonly kind: RowKind; readonly id: string } | null {
  const [, place = '', id = ''] = pattern.exec(page) ?? []
  const kind = places[place]
  return kind === undefined ? null : { kind, id: id.toLowerCase() }
}
