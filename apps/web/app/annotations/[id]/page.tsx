import type { Metadata } from 'next'
import { Suspense } from 'react'
import { AnnotationPage } from '../../../features/annotations/page/annotation-page'

export const metadata: Metadata = { title: 'Annotation' }

interface AnnotationRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function AnnotationRoute({ params }: AnnotationRouteProps) {
  const { id } = await params
  return (
    <Suspense>
      <AnnotationPage key={id} id={id} />
    </Suspense>
  )
}
