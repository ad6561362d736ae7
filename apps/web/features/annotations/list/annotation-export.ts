// Annotations -> a table or a JSON text that importAnnotations reads.
import { formatCsv } from '../../../components/csv'
import type { AnnotationPartsFragment } from '../../../graphql/generated/graphql'

const HEADER = [
  'label',
  'state',
  'about',
  'kind',
  'tags',
  'confidence',
  'description',
  'author',
  'version',
  'updated',
  'path',
]

export function annotationsCsv(annotations: readonly AnnotationPartsFragment[]): string {
  return formatCsv(
    HEADER,
    annotations.map((one) => [
      one.label,
      one.state.toLowerCase(),
      one.anchor.title,
      one.anchor.kind.toLowerCase(),
      one.tags.join(' '),
      one.confidence,
      one.description,
      one.author.name,
      one.version,
      one.updatedAt,
      one.anchor.path,
    ]),
  )
}
