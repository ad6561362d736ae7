'use client'
// Name and purpose of a collection, changed in place; export, annotation mode, delete.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../../components/confirm-dialog'
import { Problem } from '../../../components/problem'
import {
  DeleteCollectionDocument,
  UpdateCollectionDocument,
  type CollectionPartsFragment,
} from '../../../graphql/generated/graphql'
import { CopyLink } from '../../annotations/copy-link'
import { useRefusable } from '../use-refusable'

interface HeaderProps {
  readonly collection: CollectionPartsFragment
  readonly mayChange: boolean
  readonly onChanged: () => void
}

function Rename({
  collection,
  onChanged,
  onClose,
}: Omit<HeaderProps, 'mayChange'> & { readonly onClose: () => void }) {
  const [name, setName] = useState(collection.name)
  const [description, setDescription] = useState(collection.description)
  const [{ fetching }, update] = useMutation(UpdateCollectionDocument)
  const { complaint, settle } = useRefusable()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { id, version } = collection
    const { error, data } = await update({ input: { id, version, name: name.trim(), description } })
    if (!settle({ error, errors: data?.updateCollection.errors })) return
    onChanged()
    onClose()
  }
  return (
    <form className="card prompt-form" onSubmit={(event) => void submit(event)}>
      <label>
        Name
        <input
          className="input"
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="grow">
        What it is for
        <input
          className="input"
          value={description}
          maxLength={2000}
          onChange={(event) => setDescription(event.target.value)}
        />
      </label>
      <button type="submit" className="button primary" disabled={fetching || name.trim() === ''}>
        Save
      </button>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      {complaint && (
        <Problem
          title="It was refused"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
    </form>
  )
}

function DeleteButton({ collection }: Pick<HeaderProps, 'collection'>) {
  const router = useRouter()
  const [asking, setAsking] = useState(false)
  const [, remove] = useMutation(DeleteCollectionDocument)
  const { complaint, settle } = useRefusable()
  const confirm = async () => {
    const { error, data } = await remove({ id: collection.id })
    if (settle({ error, errors: data?.deleteCollection.errors })) router.push('/collections')
  }
  return (
    <>
      <button type="button" className="button small" onClick={() => setAsking(true)}>
        Delete
      </button>
      {complaint && (
        <span className="field-problem" role="alert">
          {complaint.message}
        </span>
      )}
      <ConfirmDialog
        open={asking}
        title={`Delete ${collection.name}?`}
        action="Delete"
        onConfirm={() => void confirm()}
        onClose={() => setAsking(false)}
      >
        The list and its notes go. Annotations stay with what they are about.
      </ConfirmDialog>
    </>
  )
}

export function CollectionHeader({ collection, mayChange, onChanged }: HeaderProps) {
  const [renaming, setRenaming] = useState(false)
  const { id, name, description, itemCount, author } = collection
  return (
    <>
      <div className="bar">
        <h1 className="grow" data-testid="collection-title">
          {name}{' '}
          <small className="muted tabular">
            {itemCount.toLocaleString('en-US')} {itemCount === 1 ? 'item' : 'items'}, {author.name}
          </small>
        </h1>
        {mayChange && (
          <>
            <button type="button" className="button small" onClick={() => setRenaming(true)}>
              Rename
            </button>
            <DeleteButton collection={collection} />
          </>
        )}
        <a
          className="button small"
          href={`/api/collections/${id}.json`}
          download
          data-testid="collection-json"
        >
          Export JSON
        </a>
        <CopyLink />
        {itemCount > 0 && (
          <Link
            className="button small primary"
            href={`/collections/${id}/annotate`}
            prefetch={false}
            data-testid="start-annotating"
          >
            Annotation mode
          </Link>
        )}
      </div>
      {renaming ? (
        <Rename collection={collection} onChanged={onChanged} onClose={() => setRenaming(false)} />
      ) : (
        description && <p className="muted">{description}</p>
      )}
    </>
  )
}
