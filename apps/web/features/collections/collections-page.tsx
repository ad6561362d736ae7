'use client'
// All collections, with a form for a new one and a file to read one from.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useId, useState, type FormEvent } from 'react'
import { useMutation, useQuery } from 'urql'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import { useDebouncedValue } from '../../components/use-debounced-value'
import { When } from '../../components/when'
import {
  CollectionsDocument,
  CreateCollectionDocument,
  type CollectionPartsFragment,
} from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { useSearchText } from '../datasets/use-search-text'
import { complaintOf } from '../edits/complaint'
import { NeuronTabs } from '../neurons/neuron-tabs'
import { ImportNotes } from './import-notes'
import { useRefusable } from './use-refusable'
import { CollectionsLead } from './collections-lead'

const PAGE = 30

function NewCollection() {
  const router = useRouter()
  const id = useId()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [{ fetching }, create] = useMutation(CreateCollectionDocument)
  const { complaint, settle } = useRefusable()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { error, data } = await create({ input: { name: name.trim(), description } })
    const made = data?.createCollection.collection
    if (settle({ error, errors: data?.createCollection.errors }) && made)
      router.push(`/collections/${made.id}`)
  }
  return (
    <form className="card prompt-form" onSubmit={(event) => void submit(event)}>
      <label>
        Name
        <input
          className="input"
          value={name}
          maxLength={200}
          data-testid="collection-name"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="grow" htmlFor={id}>
        What it is for
        <input
          id={id}
          className="input"
          value={description}
          maxLength={2000}
          onChange={(event) => setDescription(event.target.value)}
        />
      </label>
      <WriteButton
        needs="ANNOTATE"
        verb="make collections"
        type="submit"
        className="button primary"
        disabled={fetching || name.trim() === ''}
        data-testid="collection-create"
      >
        New collection
      </WriteButton>
      {complaint && (
        <Problem title="It was refused" message={complaint.message} cure={complaint.cure} />
      )}
    </form>
  )
}

function Row({ collection }: { readonly collection: CollectionPartsFragment }) {
  const { id, name, description, itemCount, author, updatedAt } = collection
  return (
    <li className="collection-row" data-testid="collection-row">
      <p>
        <Link href={`/collections/${id}`} prefetch={false}>
          <b>{name}</b>
        </Link>
        <span className="muted tabular">
          {itemCount.toLocaleString('en-US')} {itemCount === 1 ? 'item' : 'items'}
        </span>
        <span className="muted">{author.name}</span>
        <span className="faint">
          <When at={updatedAt} />
        </span>
        {itemCount > 0 && (
          <Link className="link" href={`/collections/${id}/annotate`} prefetch={false}>
            Annotate
          </Link>
        )}
      </p>
      {description && <p className="muted collection-text">{description}</p>}
    </li>
  )
}

interface PageProps {
  readonly search: string
  readonly after: string | null
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
}

function Page({ search, after, last, onMore }: PageProps) {
  const filter = search.trim() ? { search: search.trim() } : null
  const [{ data, error }] = useQuery({
    query: CollectionsDocument,
    variables: { filter, first: PAGE, after },
    requestPolicy: 'cache-and-network',
  })
  const complaint = data ? null : complaintOf(error, undefined)
  if (complaint)
    return (
      <Problem
        title="The collections could not be read"
        message={complaint.message}
        cure={complaint.cure}
        code={complaint.code}
      />
    )
  if (!data) return <div className="card skeleton" style={{ height: 240 }} aria-busy />
  const { edges, pageInfo } = data.collections
  if (edges.length === 0 && after === null)
    return (
      <section className="card empty" data-testid="collections-none">
        <h2>{search.trim() ? 'No collection is called this' : 'No collections yet'}</h2>
        <p>Choose some neurons in a layer, and put them in one.</p>
        <Link className="button" href="/neurons" prefetch={false}>
          Choose neurons
        </Link>
      </section>
    )
  return (
    <>
      <ul className="card">
        {edges.map(({ node }) => (
          <Row key={node.id} collection={node} />
        ))}
      </ul>
      {last && pageInfo.hasNextPage && (
        <button
          type="button"
          className="button small"
          onClick={() => onMore({ ...pageInfo, endCursor: pageInfo.endCursor ?? null })}
        >
          More
        </button>
      )}
    </>
  )
}

export function CollectionsPage() {
  const [search, setSearch] = useSearchText()
  const asked = useDebouncedValue(search, 200)
  const { after, more } = usePages(asked)
  return (
    <main className="page" id="main">
      <div className="bar">
        <h1 className="grow">Collections</h1>
        <ImportNotes />
      </div>
      <NeuronTabs />
      <CollectionsLead />
      <NewCollection />
      <div className="bar filters">
        <input
          type="search"
          className="input"
          placeholder="Search names and texts"
          aria-label="Search collections"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {after.map((cursor, place) => (
        <Page
          key={`${asked}${cursor}`}
          search={asked}
          after={cursor}
          last={place === after.length - 1}
          onMore={more}
        />
      ))}
    </main>
  )
}
