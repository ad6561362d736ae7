import type { Metadata } from 'next'
import { Suspense } from 'react'
import { EditsPage } from '../../features/edits/list/edits-page'

export const metadata: Metadata = { title: 'Edits' }

export default function EditsRoute() {
  return (
    <Suspense>
      <EditsPage />
    </Suspense>
  )
}
