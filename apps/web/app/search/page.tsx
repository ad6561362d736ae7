import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { SearchLead } from '../../features/token-search/search-lead'
import { SearchPage } from '../../features/token-search/search-page'
import '../styles/edits.css'
import '../styles/gallery.css'
import { TokenSearchChoicesDocument } from '../../graphql/generated/graphql'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Search gradients' }

const ASKS = [early(TokenSearchChoicesDocument, {})]

export default function SearchRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense
        fallback={
          <PageFrame title="Search gradients">
            <SearchLead />
          </PageFrame>
        }
      >
        <SearchPage />
      </Suspense>
    </>
  )
}
