import type { Metadata } from 'next'
import { Suspense } from 'react'
import { HomePage } from '../../features/home/home-page'
import {
  HomeActivityDocument,
  HomeFindingsDocument,
  HomeRunsDocument,
} from '../../graphql/generated/graphql'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Home' }

const ASKS = [
  early(HomeActivityDocument, {}),
  early(HomeFindingsDocument, {}),
  early(HomeRunsDocument, {}),
]

export default function HomeRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense>
        <HomePage />
      </Suspense>
    </>
  )
}
