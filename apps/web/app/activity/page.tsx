import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { ActivityPage } from '../../features/activity/activity-page'
import { TalkActivitiesDocument, TalkPeopleDocument } from '../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Activity' }

const ASKS = [
  earlyIfPlain(TalkActivitiesDocument, { first: 40, after: null, filter: null }),
  early(TalkPeopleDocument, {}),
]

export default function ActivityRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Activity" />}>
        <ActivityPage />
      </Suspense>
    </>
  )
}
