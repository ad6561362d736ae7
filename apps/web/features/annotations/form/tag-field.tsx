'use client'
// Tags as chips with a field: Enter or a comma adds, Backspace in the empty field takes the last away.
import { useState, type KeyboardEvent, type RefObject } from 'react'
import { useQuery } from 'urql'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import { SuggestTagsDocument, type AnchorInput } from '../../../graphql/generated/graphql'
import { withTag, type AnnotationDraft } from './draft-model'

interface TagFieldProps {
  readonly id: string
  readonly anchor: AnchorInput
  readonly draft: AnnotationDraft
  readonly onChange: (draft: AnnotationDraft) => void
  readonly field?: RefObject<HTMLInputElement | null>
}

const ADDING = [',', 'Enter']

export function TagField({ id, anchor, draft, onChange, field }: TagFieldProps) {
  const [typed, setTyped] = useState('')
  const text = useDebouncedValue(`${draft.label} ${typed}`.trim(), 250)
  const [{ data }] = useQuery({ query: SuggestTagsDocument, variables: { anchor, text } })
  const suggested = (data?.suggestTags ?? []).filter((tag) => !draft.tags.includes(tag)).slice(0, 6)
  const add = (tag: string) => {
    onChange(withTag(draft, tag))
    setTyped('')
  }
  const remove = (tag: string) =>
    onChange({ ...draft, tags: draft.tags.filter((other) => other !== tag) })
  const onKeyDown = (event: KeyboardEvent) => {
    const last = draft.tags.at(-1)
    if (ADDING.includes(event.key) && typed.trim() && !event.ctrlKey && !event.metaKey) {
      add(typed)
      event.preventDefault()
      event.stopPropagation()
    } else if (event.key === 'Backspace' && typed === '' && last) remove(last)
  }
  return (
    <div className="tag-field">
      <label htmlFor={id}>Tags</label>
      <div className="tag-box">
        {draft.tags.map((tag) => (
          <button
            key={tag}
            type="button"
            className="chip"
            aria-label={`Remove tag ${tag}`}
            onClick={() => remove(tag)}
          >
            {tag} <span aria-hidden>×</span>
          </button>
        ))}
        <input
          id={id}
          ref={field}
          value={typed}
          autoComplete="off"
          placeholder={draft.tags.length === 0 ? 'capital-city' : ''}
          data-testid="annotation-tags"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => typed.trim() && add(typed)}
        />
      </div>
      <Suggested tags={suggested} onAdd={add} />
    </div>
  )
}

function Suggested({
  tags,
  onAdd,
}: {
  readonly tags: readonly string[]
  readonly onAdd: (tag: string) => void
}) {
  return (
    <p className="tag-suggestions" aria-live="polite">
      {tags.length > 0 && <span className="muted">Suggested</span>}
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className="chip"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAdd(tag)}
        >
          + {tag}
        </button>
      ))}
    </p>
  )
}
