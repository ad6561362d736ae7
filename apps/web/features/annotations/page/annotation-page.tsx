'use client'
// One annotation with its versions and what changed between them.
import Link from 'next/link'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { CopyLink } from '../copy-link'
import { Problem } from '../../../components/problem'
import { onReconnected } from '../../../graphql/connection'
import { AnnotationDocument } from '../../../graphql/generated/graphql'
import { complaintOf } from '../../edits/complaint'
import { AnnotationCard } from '../annotation-card'
import { Versions } from './versions'

function Missing() {
  return (
    <section className="card empty" data-testid="no-such-annotation">
      <h1>There is no such annotation</h1>
      <p>It belongs to another project, or the address is wrong.</p>
      <Link className="button primary" href="/annotations" prefetch={false}>
        All annotations
      </Link>
    </section>
  )
}

export function AnnotationPage({ id }: { readonly id: string }) {
  const [{ data, error }, execute] = useQuery({
    query: AnnotationDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  useEffect(() => onReconnected(() => execute({ requestPolicy: 'network-only' })), [execute])
  const annotation = data?.annotation
  const complaint = data ? null : complaintOf(error, undefined)
  return (
    <main className="page" id="main" data-testid="annotation-page">
      {annotation && (
        <>
          <div className="bar">
            <h1 className="grow">
              <Link href={annotation.anchor.path} prefetch={false} data-testid="annotation-about">
                {annotation.anchor.title}
              </Link>
            </h1>
            <CopyLink />
          </div>
          <div className="card annotation-list">
            <AnnotationCard
              annotation={annotation}
              onChanged={() => execute({ requestPolicy: 'network-only' })}
            />
          </div>
          <Versions versions={annotation.versions} />
        </>
      )}
      {!data && !complaint && (
        <>
          <div className="skeleton" style={{ height: 28 }} />
          <div className="card skeleton" style={{ height: 300 }} />
        </>
      )}
      {complaint && (
        <Problem
          title="The annotation could not be read"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
      {data && !annotation && <Missing />}
    </main>
  )
}
