import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { ModelsPage } from '../../features/models'
import { askModelsAhead } from '../../features/models/ask-ahead'
import { ModelImportsDocument, ModelsDocument } from '../../graphql/generated/graphql'
import { questionAhead, type SearchParams } from '../../graphql/ahead'
import { Answered } from '../../graphql/answered'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Models' }

const ASKS = [early(ModelsDocument, { first: 100 }), early(ModelImportsDocument, { first: 5 })]

interface ModelsRouteProps {
  readonly searchParams: SearchParams
}

export default async function ModelsRoute({ searchParams }: ModelsRouteProps) {
  const answers = (await questionAhead(searchParams)) && (await askModelsAhead())
  return (
    <>
      {answers === null && <EarlyAsks asks={ASKS} />}
      <Answered answers={answers}>
        <Suspense fallback={<PageFrame title="Models" />}>
          <ModelsPage />
        </Suspense>
      </Answered>
    </>
  )
}
