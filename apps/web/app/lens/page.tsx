import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LensPage, LensSkeleton } from '../../features/lens'
import { askLensAhead } from '../../features/lens/ask-ahead'
import { parseView } from '../../features/lens/lens-view'
import { questionAhead, type SearchParams } from '../../graphql/ahead'
import { Answered } from '../../graphql/answered'
import {
  AskModelsDocument,
  LensRunDocument,
  NewestRunDocument,
} from '../../graphql/generated/graphql'
import { early, earlyIfPlain, fromAddress } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Lens' }

const ASKS = [
  earlyIfPlain(NewestRunDocument, {}),
  early(LensRunDocument, { id: fromAddress('run') }),
  early(AskModelsDocument, {}),
]

interface LensRouteProps {
  readonly searchParams: SearchParams
}

export default async function LensRoute({ searchParams }: LensRouteProps) {
  const query = await questionAhead(searchParams)
  const answers = query && (await askLensAhead(parseView(query)))
  return (
    <>
      {answers === null && <EarlyAsks asks={ASKS} />}
      <Answered answers={answers}>
        <Suspense fallback={<LensSkeleton />}>
          <LensPage />
        </Suspense>
      </Answered>
    </>
  )
}
