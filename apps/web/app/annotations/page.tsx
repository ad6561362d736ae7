import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { AnnotationsPage } from '../../features/annotations/list/annotations-page'
import {
  AnnotationTagsDocument,
  AnnotationsDocument,
  AskModelsDocument,
} from '../../graphql/generated/graphql'
import { early, earlyIfPlain } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'

export const metadata: Metadata = { title: 'Annotations' }

const ASKS = [
  earlyIfPlain(AnnotationsDocument, { first: 30, after: null, filter: null, order: 'NEWEST' }),
  early(AskModelsDocument, {}),
  early(AnnotationTagsDocument, {}),
]

export default function AnnotationsRoute() {
  return (
    <>
      <EarlyAsks asks={ASKS} />
      <Suspense fallback={<PageFrame title="Annotations" />}>
        <AnnotationsPage />
      </Suspense>
    </>
  )
}
