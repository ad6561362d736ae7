import type { Metadata } from 'next'
import { AnnotatePage } from '../../../../features/collections/annotate/annotate-page'

export const metadata: Metadata = { title: 'Annotation mode' }

interface AnnotateRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function AnnotateRoute({ params }: AnnotateRouteProps) {
  const { id } = await params
  return <AnnotatePage key={id} id={id} />
}
