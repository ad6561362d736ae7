'use client'
// Annotation mode: one item after another by keyboard alone; what others said stays hidden until the end.
import Link from 'next/link'
import { lazy, Suspense, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { CollectionDocument } from '../../../graphql/generated/graphql'
import { useTalker } from '../../comments/use-talker'
import { complaintOf } from '../../edits/complaint'
import { NoSuchCollection } from '../page/collection-page'
import { AgreementCard } from './agreement-card'
import { ItemFacts } from './item-facts'
import { QueueForm, type QueueFormHandle } from './queue-form'
import { useQueue, type Queue } from './use-queue'
import { useQueueKeys } from './use-queue-keys'

const QueueHelp = lazy(async () => ({ default: (await import('./queue-help')).QueueHelp }))

function Progress({ queue }: { readonly queue: Queue }) {
  const { done, total } = queue.progress
  return (
    <div className="queue-progress">
      <progress aria-label="Items annotated" value={done} max={Math.max(1, total)} />
      <span className="tabular" data-testid="queue-progress">
        {done} of {total} done
      </span>
      {!queue.ended && (
        <span className="muted tabular">
          item {queue.at + 1}
          {queue.item?.mine && ', done'}
        </span>
      )}
    </div>
  )
}

function Ended({ id, queue }: { readonly id: string; readonly queue: Queue }) {
  return (
    <>
      <section className="card empty" data-testid="queue-ended">
        <h2>Every item has your annotation</h2>
        <p>Below is how far you agree with the others. What they wrote is on the collection now.</p>
        <div className="bar">
          <Link className="button primary" href={`/collections/${id}`} prefetch={false}>
            The collection
          </Link>
          <button type="button" className="button" onClick={queue.again}>
            Go through mine again
          </button>
        </div>
      </section>
      <AgreementCard collectionId={id} />
    </>
  )
}

function Working({ queue }: { readonly queue: Queue }) {
  const [help, setHelp] = useState(false)
  const label = useRef<HTMLInputElement>(null)
  const tags = useRef<HTMLInputElement>(null)
  const description = useRef<HTMLTextAreaElement>(null)
  const form = useRef<QueueFormHandle | null>(null)
  const fields = { label, tags, description }
  useQueueKeys({ queue, fields, form, onHelp: () => setHelp(true) }, !help)
  const { item } = queue
  if (!item) return null
  return (
    <div className="queue">
      <ItemFacts key={`facts${item.id}`} item={item} />
      <div className="queue-side">
        <QueueForm
          key={`${item.id}${item.mine?.version ?? 0}`}
          item={item}
          fields={fields}
          handle={form}
          onSubmitted={queue.submitted}
        />
        <div className="bar">
          <button
            type="button"
            className="button small"
            disabled={queue.at === 0}
            onClick={() => queue.move(-1)}
          >
            Previous <kbd>K</kbd>
          </button>
          <button
            type="button"
            className="button small"
            disabled={queue.at === queue.items.length - 1}
            onClick={() => queue.move(1)}
          >
            Next <kbd>J</kbd>
          </button>
          <button
            type="button"
            className="button small"
            aria-haspopup="dialog"
            onClick={() => setHelp(true)}
          >
            Keys <kbd>?</kbd>
          </button>
          {help && (
            <Suspense>
              <QueueHelp onClose={() => setHelp(false)} />
            </Suspense>
          )}
        </div>
        <p className="muted small-text">
          Only your own annotations are shown until you are through.
        </p>
      </div>
    </div>
  )
}

export function AnnotatePage({ id }: { readonly id: string }) {
  const talker = useTalker()
  const [{ data, error }] = useQuery({ query: CollectionDocument, variables: { id } })
  const queue = useQueue(id)
  const collection = data?.collection
  const complaint =
    complaintOf(data ? undefined : error, undefined) ?? (queue.ready ? null : queue.complaint)
  const mayNot = talker.known && !talker.may('ANNOTATE')
  return (
    <main className="page annotate-page" id="main" data-testid="annotate-page">
      {data && !collection && <NoSuchCollection />}
      {collection && (
        <div className="bar">
          <h1 className="grow">
            <Link href={`/collections/${id}`} prefetch={false}>
              {collection.name}
            </Link>{' '}
            <small className="muted">annotation mode</small>
          </h1>
          {queue.ready && !mayNot && <Progress queue={queue} />}
        </div>
      )}
      {mayNot && collection && (
        <Problem
          title="You may read here, not annotate"
          message="Annotating needs the role of an annotator."
        />
      )}
      {complaint && (
        <Problem
          title="The queue could not be read"
          message={complaint.message}
          cure={complaint.cure}
        />
      )}
      {!complaint && !mayNot && (!data || (collection && (!queue.ready || !talker.known))) && (
        <div className="card skeleton" style={{ height: 520 }} aria-busy />
      )}
      {collection &&
        queue.ready &&
        talker.known &&
        !mayNot &&
        (queue.items.length === 0 ? (
          <section className="card empty">
            <h2>Nothing is in this collection yet</h2>
            <Link className="button" href={`/collections/${id}`} prefetch={false}>
              Add items
            </Link>
          </section>
        ) : queue.ended ? (
          <Ended id={id} queue={queue} />
        ) : (
          <Working queue={queue} />
        ))}
    </main>
  )
}
