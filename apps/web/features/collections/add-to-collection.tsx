'use client'
// Puts what is chosen into a collection: one that exists, or a new one.
import Link from 'next/link'
import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import {
  AddToCollectionDocument,
  CollectionsDocument,
  CreateCollectionDocument,
  type AnchorInput,
} from '../../graphql/generated/graphql'
import { useTalker } from '../comments/use-talker'
import { showCount } from '../lens/numbers'
import { chunksOf } from './chunks'
import { useRefusable } from './use-refusable'

const MOST_AT_ONCE = 500
const NEW = 'new'

interface AddToCollectionProps {
  readonly anchors: readonly AnchorInput[]
  /** Shown as a bar with what is chosen; one thing alone is a small control. */
  readonly onClear?: () => void
}

interface Added {
  readonly id: string
  readonly name: string
}

function useAdding(anchors: readonly AnchorInput[]) {
  const [creating, create] = useMutation(CreateCollectionDocument)
  const [adding, add] = useMutation(AddToCollectionDocument)
  const { complaint, settle } = useRefusable()
  const [added, setAdded] = useState<Added | null>(null)
  const ensure = async (id: string, name: string): Promise<Added | null> => {
    if (id !== NEW) return { id, name }
    const { error, data } = await create({ input: { name } })
    const done = settle({ error, errors: data?.createCollection.errors })
    return done ? (data?.createCollection.collection ?? null) : null
  }
  const put = async (id: string, name: string): Promise<boolean> => {
    setAdded(null)
    const collection = await ensure(id, name)
    if (!collection) return false
    for (const part of chunksOf(anchors, MOST_AT_ONCE)) {
      const { error, data } = await add({ input: { collectionId: collection.id, anchors: part } })
      if (!settle({ error, errors: data?.addToCollection.errors })) return false
    }
    setAdded(collection)
    return true
  }
  return { busy: creating.fetching || adding.fetching, complaint, added, put }
}

function Result({
  added,
  complaint,
}: {
  readonly added: Added | null
  readonly complaint: { readonly message: string } | null
}) {
  if (complaint)
    return (
      <span className="field-problem" role="alert">
        {complaint.message}
      </span>
    )
  return (
    <span role="status">
      {added && (
        <>
          Added to{' '}
          <Link className="link" href={`/collections/${added.id}`} prefetch={false}>
            {added.name}
          </Link>
        </>
      )}
    </span>
  )
}

function CollectionChoice({
  first,
  known,
  value,
  onChange,
}: {
  readonly first: string
  readonly known: readonly Added[]
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <select
      className="input small-input"
      aria-label="Collection"
      value={value}
      data-testid="collection-choice"
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{first}</option>
      {known.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
      <option value={NEW}>New collection</option>
    </select>
  )
}

export function AddToCollection({ anchors, onClear }: AddToCollectionProps) {
  const talker = useTalker()
  const [chosen, setChosen] = useState('')
  const [name, setName] = useState('')
  const [{ data }] = useQuery({ query: CollectionsDocument, variables: { first: 100 } })
  const { busy, complaint, added, put } = useAdding(anchors)
  if (!talker.may('ANNOTATE')) return null
  const known = (data?.collections.edges ?? []).map(({ node }) => node)
  const title = chosen === NEW ? name.trim() : (known.find(({ id }) => id === chosen)?.name ?? '')
  const submit = async () => {
    if (await put(chosen, title)) {
      setChosen('')
      setName('')
    }
  }
  return (
    <div className={onClear ? 'bar add-bar' : 'bar'} data-testid="add-to-collection">
      {onClear && (
        <span>
          <b className="tabular">{showCount(anchors.length)}</b> chosen
        </span>
      )}
      <CollectionChoice
        first={onClear ? 'Add to a collection…' : 'Collect…'}
        known={known}
        value={chosen}
        onChange={setChosen}
      />
      {chosen === NEW && (
        <input
          className="input small-input"
          aria-label="Name of the new collection"
          placeholder="Name"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      {chosen !== '' && (
        <button
          type="button"
          className="button small primary"
          disabled={busy || title === ''}
          data-testid="collection-add"
          onClick={() => void submit()}
        >
          {busy ? 'Adding' : 'Add'}
        </button>
      )}
      <Result added={added} complaint={complaint} />
      {onClear && (
        <button type="button" className="link" onClick={onClear}>
          Clear
        </button>
      )}
    </div>
  )
}
