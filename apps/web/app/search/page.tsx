import type { Metadata } from 'next'
import { Suspense } from 'react'
import { SearchPage } from '../../features/token-search/search-page'
import '../styles/edits.css'
import '../styles/gallery.css'

export const metadata: Metadata = { title: 'Search gradients' }

export default function SearchRoute() {
  return (
    <Suspense>
      <SearchPage />
    </Suspense>
  )
}
