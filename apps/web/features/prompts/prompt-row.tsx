'use client'
// One saved prompt: open it, change its tags and note, delete it.
import Link from 'next/link'
import { useState } from 'react'
import { useMutation } from 'urql'
import { When } from '../../components/when'
import { UpdatePromptDocument, type PromptPartsFragment } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { lensAddress, parseTags } from './tags'

function EditRow({
  prompt,
  onClose,
}: {
  readonly prompt: PromptPartsFragment
  readonly onClose: () => void
}) {
  const [tags, setTags] = useState(prompt.tags.join(', '))
  const [note, setNote] = useState(prompt.note ?? '')
  const [{ fetching, error }, update] = useMutation(UpdatePromptDocument)
  const save = async () => {
    const result = await update({
      input: { id: prompt.id, tags: parseTags(tags), note: note.trim() || null },
    })
    if (result.data?.updatePrompt.prompt) onClose()
  }
  return (
    <form
      className="bar prompt-edit"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <input
        className="input"
        aria-label="Tags, with commas between"
        autoFocus
        value={tags}
        onChange={(event) => setTags(event.target.value)}
        placeholder="tags, with commas between"
      />
      <input
        className="input grow"
        aria-label="Note"
        value={note}
        onChange={(event) => setNote(event.target.value)}
        placeholder="note"
      />
      <button type="submit" className="button small primary" disabled={fetching}>
        Save
      </button>
      <button type="button" className="button small" onClick={onClose}>
        Cancel
      </button>
      {error && (
        <span className="muted">
          Not saved: {error.graphQLErrors[0]?.message ?? 'the API does not answer'}.
        </span>
      )}
    </form>
  )
}

interface PromptRowProps {
  readonly prompt: PromptPartsFragment
  readonly onTag: (tag: string) => void
  readonly onDelete: () => void
}

export function PromptRow({ prompt, onTag, onDelete }: PromptRowProps) {
  const [editing, setEditing] = useState(false)
  return (
    <li className="prompt-row" data-testid="prompt-row">
      <div className="prompt-main">
        <Link className="mono" href={lensAddress(prompt)} prefetch={false} title="Open in the lens">
          {prompt.text}
        </Link>
        {prompt.target && <span className="mono accent">{prompt.target.trim()}</span>}
        <span className="tags">
          {prompt.tags.map((tag) => (
            <button
              key={tag}
              type="button"
              className="chip"
              onClick={() => onTag(tag)}
              title={`Only prompts tagged ${tag}`}
            >
              {tag}
            </button>
          ))}
        </span>
      </div>
      {prompt.note && !editing && <p className="muted">{prompt.note}</p>}
      {editing && <EditRow prompt={prompt} onClose={() => setEditing(false)} />}
      <div className="prompt-facts muted">
        <span>
          {prompt.runCount} {prompt.runCount === 1 ? 'run' : 'runs'}
        </span>
        {prompt.lastRun && (
          <Link prefetch={false} href={`/lens?run=${encodeURIComponent(prompt.lastRun.id)}`}>
            last run
          </Link>
        )}
        {prompt.model && <span>{prompt.model.name}</span>}
        <When at={prompt.createdAt} />
        <WriteButton
          verb="change prompts"
          type="button"
          className="link"
          onClick={() => setEditing(!editing)}
        >
          Edit tags and note
        </WriteButton>
        <WriteButton
          verb="delete prompts"
          type="button"
          className="link"
          onClick={onDelete}
          aria-label={`Delete the prompt “${prompt.text}”`}
        >
          Delete
        </WriteButton>
      </div>
    </li>
  )
}
