'use client'
// The annotations of one thing, with a form for another. New ones appear without a reload of the page.
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { AnnotationsDocument, type AnchorInput } from '../../graphql/generated/graphql'
import { useMarkdownReady } from '../comments/markdown-text'
import { useTalker } from '../comments/use-talker'
import { complaintOf } from '../edits/complaint'
import { AnnotationCard } from './annotation-card'
import { AnnotationForm } from './form/annotation-form'
import { Refused } from './refused'
import { hasStoredDraft } from './form/use-stored-draft'

interface AnnotationsOnProps {
  readonly anchor: AnchorInput
  /** Names the thing in this browser's store, such as the key of its anchor. */
  readonly place: string
  readonly onChanged?: () => void
}

const MOST = 50

function Head({
  count,
  onWrite,
}: {
  readonly count: number | null
  readonly onWrite: (() => void) | null
}) {
  return (
    <header className="bar">
      <h2 id="annotations-title" className="grow">
        Annotations {count !== null && <small className="muted tabular">{count}</small>}
      </h2>
      {onWrite && (
        <button type="button" className="button small" data-testid="annotate" onClick={onWrite}>
          Annotate
        </button>
      )}
    </header>
  )
}

/** Whether all that the card shows is there: a page that waits for it does not move when it comes. */
export function useAnnotationsReady(anchor: AnchorInput): boolean {
  const talker = useTalker()
  const words = useMarkdownReady()
  const [{ data, error }] = useQuery({
    query: AnnotationsDocument,
    variables: { filter: { anchor }, first: MOST, order: 'NEWEST' },
  })
  return (words && talker.known && data !== undefined) || error !== undefined
}

export function AnnotationsOn({ anchor, place, onChanged }: AnnotationsOnProps) {
  const talker = useTalker()
  const [writing, setWriting] = useState(false)
  useEffect(() => setWriting(hasStoredDraft(place)), [place])
  const [{ data, error, fetching }, execute] = useQuery({
    query: AnnotationsDocument,
    variables: { filter: { anchor }, first: MOST, order: 'NEWEST' },
    requestPolicy: 'cache-and-network',
  })
  useEffect(() => onReconnected(() => execute({ requestPolicy: 'network-only' })), [execute])
  const changed = () => {
    execute({ requestPolicy: 'network-only' })
    onChanged?.()
  }
  const complaint = data ? null : complaintOf(error, undefined)
  const list = data?.annotations.edges ?? []
  const mayWrite = talker.may('ANNOTATE')
  return (
    <section className="card annotations-on" aria-labelledby="annotations-title">
      <Head
        count={data?.annotations.totalCount ?? null}
        onWrite={mayWrite && !writing ? () => setWriting(true) : null}
      />
      {writing && mayWrite && (
        <AnnotationForm
          key={place}
          anchor={anchor}
          draftKey={place}
          onCancel={() => setWriting(false)}
          onDone={() => {
            setWriting(false)
            changed()
          }}
        />
      )}
      <Refused title="The annotations could not be read" complaint={complaint} />
      {!data && fetching && <div className="skeleton" style={{ height: 60 }} />}
      {data && list.length === 0 && !writing && (
        <p className="muted" data-testid="no-annotations">
          Nobody has said what this is yet.
          {talker.known && !mayWrite && ' You may read here, not write.'}
        </p>
      )}
      {list.map(({ node }) => (
        <AnnotationCard key={node.id} annotation={node} level={3} onChanged={changed} />
      ))}
    </section>
  )
}
