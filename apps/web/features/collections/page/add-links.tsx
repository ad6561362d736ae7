'use client'
// Adds what links point at, one a line.
import { useState, type FormEvent } from 'react'
import { useMutation } from 'urql'
import { AddToCollectionDocument } from '../../../graphql/generated/graphql'
import { anchorOfLink } from '../../annotations/form/evidence-link'
import { useRefusable } from '../use-refusable'

interface AddLinksProps {
  readonly collectionId: string
  readonly onAdded: () => void
}

export function AddLinks({ collectionId, onAdded }: AddLinksProps) {
  const [text, setText] = useState('')
  const [{ fetching }, add] = useMutation(AddToCollectionDocument)
  const { complaint, setComplaint, settle } = useRefusable()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const links = text.split(/\s+/).filter(Boolean)
    const anchors = links.map((link) => anchorOfLink(link, window.location.origin))
    const wrong = links.find((_, place) => anchors[place] === null)
    if (wrong) return setComplaint({ message: `This is no link to a thing here: ${wrong}` })
    const input = { collectionId, anchors: anchors.filter((anchor) => anchor !== null) }
    const { error, data } = await add({ input })
    if (!settle({ error, errors: data?.addToCollection.errors })) return
    setText('')
    onAdded()
  }
  return (
    <form className="bar add-links" onSubmit={(event) => void submit(event)}>
      <input
        className="input grow"
        aria-label="Links to add"
        placeholder="Paste links to neurons, cells, runs, edits…"
        value={text}
        data-testid="collection-links"
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button small" disabled={fetching || text.trim() === ''}>
        Add
      </button>
      {complaint && (
        <span className="field-problem" role="alert">
          {complaint.message}
        </span>
      )}
    </form>
  )
}
