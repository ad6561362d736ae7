import type { Metadata } from 'next'
import { Suspense } from 'react'
import { askEditAhead } from '../../../features/edits/result/ask-ahead'
import { EditPage } from '../../../features/edits/result/edit-page'
import { questionAhead, type SearchParams } from '../../../graphql/ahead'
import { Answered } from '../../../graphql/answered'
import { EditDocument } from '../../../graphql/generated/graphql'
import { early } from '../../../graphql/early'
import { EarlyAsks } from '../../../graphql/early-asks'

export const metadata: Metadata = { title: 'Edit' }

interface EditRouteProps {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: SearchParams
}

export default async function EditRoute({ params, searchParams }: EditRouteProps) {
  const { id } = await params
  const answers = (await questionAhead(searchParams)) && (await askEditAhead(id))
  return (
    <>
      {answers === null && <EarlyAsks asks={[early(EditDocument, { id })]} />}
      <Answered answers={answers}>
        <Suspense>
          <EditPage key={id} id={id} />
        </Suspense>
      </Answered>
    </>
  )
}
