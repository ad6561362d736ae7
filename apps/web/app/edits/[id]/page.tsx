import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EditPage } from '../../../features/edits/result/edit-page'

export const metadata: Metadata = { title: 'Edit' }

interface EditRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function EditRoute({ params }: EditRouteProps) {
  const { id } = await params
  return (
    <Suspense>
      <EditPage key={id} id={id} />
    </Suspense>
  )
}
