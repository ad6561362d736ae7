'use client'
// One collection: its ordered items with notes, ways to add more, and how far its annotators agree.
import Link from 'next/link'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { onReconnected } from '../../../graphql/connection'
import { CollectionDocument, CollectionItemsDocument } from '../../../graphql/generated/graphql'
import { useTalker } from '../../comments/use-talker'
import { complaintOf } from '../../edits/complaint'
import { AgreementCard } from '../annotate/agreement-card'
import { useItems } from '../use-items'
import { AddLinks } from './add-links'
import { CollectionHeader } from './collection-header'
import { ItemList } from './item-list'
import type { CollectionItem } from './item-row'

export function NoSuchCollection() {
  return (
    <section className="card empty" data-testid="no-such-collection">
      <h1>There is no such collection</h1>
      <p>It was deleted, or the address is wrong.</p>
      <Link className="button primary" href="/collections" prefetch={false}>
        All collections
      </Link>
    </section>
  )
}

export function CollectionPage({ id }: { readonly id: string }) {
  const { known, may } = useTalker()
  const [{ data, error }, execute] = useQuery({
    query: CollectionDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const list = useItems<CollectionItem>(CollectionItemsDocument, id)
  useEffect(() => onReconnected(() => execute({ requestPolicy: 'network-only' })), [execute])
  const collection = data?.collection
  const complaint = data ? null : complaintOf(error, undefined)
  const changed = () => {
    execute({ requestPolicy: 'network-only' })
    list.reload()
  }
  // Most people may: what they will see keeps its place until it is known.
  const mayChange = !known || may('ANNOTATE')
  return (
    <main className="page" id="main" data-testid="collection-page">
      {collection && (
        <>
          <CollectionHeader collection={collection} mayChange={mayChange} onChanged={changed} />
          {mayChange && <AddLinks collectionId={id} onAdded={changed} />}
          <ItemList list={list} mayChange={mayChange} onChanged={changed} />
          <AgreementCard collectionId={id} quiet />
        </>
      )}
      {!data && !complaint && (
        <>
          <div className="skeleton" style={{ height: 28 }} />
          <div className="card skeleton" style={{ height: 400 }} />
        </>
      )}
      {complaint && (
        <Problem
          title="The collection could not be read"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
      {data && !collection && <NoSuchCollection />}
    </main>
  )
}
