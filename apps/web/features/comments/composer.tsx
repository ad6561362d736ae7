'use client'
// A field for a comment: its text is kept as it is typed, "@" offers the people of the team, Ctrl+Enter sends.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useQuery } from 'urql'
import { TalkPeopleDocument, type TalkPersonFragment } from '../../graphql/generated/graphql'
import { keepDraft, readDraft } from './drafts'
import { MarkdownText } from './markdown-text'
import { completeMention, matchPeople, mentionAt, type OpenMention } from './mention-model'

interface ComposerProps {
  readonly label: string
  readonly action: string
  /** Where the draft is kept. */
  readonly draft: string
  readonly initial?: string
  readonly focused?: boolean
  readonly busy?: boolean
  /** Whether the text may go: then the draft is forgotten. A promise waits for the answer. */
  readonly onSend: (text: string) => boolean | Promise<boolean>
  readonly onCancel?: () => void
  readonly testId?: string
}

const NOBODY: readonly TalkPersonFragment[] = []

function useMention(text: string, caret: number) {
  const open = mentionAt(text, caret)
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const [{ data }] = useQuery({ query: TalkPeopleDocument, pause: open === null })
  const [place, setPlace] = useState(0)
  const shown = open && open.start !== closedAt ? open : null
  const people = shown ? matchPeople(data?.people ?? NOBODY, shown.query) : NOBODY
  return {
    open: people.length > 0 ? shown : null,
    people,
    place: Math.min(place, Math.max(0, people.length - 1)),
    setPlace,
    close: () => setClosedAt(open?.start ?? null),
  }
}

type Mention = ReturnType<typeof useMention>

interface PeopleProps {
  readonly id: string
  readonly mention: Mention
  readonly onPick: (person: TalkPersonFragment) => void
}

function People({ id, mention, onPick }: PeopleProps) {
  return (
    <ul className="mention-list" role="listbox" id={id} aria-label="People" data-testid="mentions">
      {mention.people.map((person, index) => (
        <li
          key={person.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === mention.place}
          onPointerDown={(event) => {
            event.preventDefault()
            onPick(person)
          }}
        >
          <b>{person.name}</b> <span className="muted">@{person.handle}</span>
        </li>
      ))}
    </ul>
  )
}

function useText({ draft, initial }: Pick<ComposerProps, 'draft' | 'initial'>) {
  const [text, setText] = useState(initial ?? '')
  const beginning = useRef(initial)
  useEffect(() => {
    beginning.current = initial
  })
  // A draft is read when its place is opened, not when the comment under it changes.
  useEffect(() => setText(readDraft(draft) || (beginning.current ?? '')), [draft])
  const type = (next: string) => {
    setText(next)
    keepDraft(draft, next === (initial ?? '') ? '' : next)
  }
  return { text, type }
}

/** Keys of the list of people; true where one was meant for it. */
function chooseByKey(key: string, mention: Mention, pick: () => void): boolean {
  const { people, place, setPlace, close } = mention
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setPlace((place + 1) % people.length),
    ArrowUp: () => setPlace((place + people.length - 1) % people.length),
    Enter: pick,
    Tab: pick,
    Escape: close,
  }
  const act = keys[key]
  act?.()
  return act !== undefined
}

function useField(props: ComposerProps) {
  const { onSend, onCancel, busy = false } = props
  const { text, type } = useText(props)
  const field = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState(0)
  const mention = useMention(text, caret)
  const moveTo = (place: number) => {
    setCaret(place)
    requestAnimationFrame(() => field.current?.setSelectionRange(place, place))
  }
  const pick = (open: OpenMention | null, person: TalkPersonFragment | undefined) => {
    if (!open || !person) return
    const next = completeMention(text, open, person.handle)
    type(next.text)
    moveTo(next.caret)
    mention.setPlace(0)
  }
  const send = async () => {
    const body = text.trim()
    if (body === '' || busy) return
    if (await onSend(body)) type('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen =
      mention.open &&
      !event.ctrlKey &&
      chooseByKey(event.key, mention, () => pick(mention.open, mention.people[mention.place]))
    const sends = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    const leaves = event.key === 'Escape' && !chosen && onCancel
    if (sends) void send()
    if (leaves) onCancel()
    if (!chosen && !sends && !leaves) return
    event.preventDefault()
    event.stopPropagation()
  }
  return { text, type, field, mention, setCaret, pick, send, onKeyDown }
}

type Field = ReturnType<typeof useField>

function TextField({ label, use }: { readonly label: string; readonly use: Field }) {
  const { text, type, field, mention, setCaret, pick, onKeyDown } = use
  const list = useId()
  return (
    <div className="composer-field">
      <textarea
        ref={field}
        className="input"
        rows={Math.min(10, Math.max(2, text.split('\n').length))}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={mention.open ? list : undefined}
        aria-activedescendant={mention.open ? `${list}-${mention.place}` : undefined}
        placeholder={`${label} …`}
        value={text}
        onChange={(event) => {
          type(event.target.value)
          setCaret(event.target.selectionStart)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
      />
      {mention.open && (
        <People id={list} mention={mention} onPick={(person) => pick(mention.open, person)} />
      )}
    </div>
  )
}

export function Composer(props: ComposerProps) {
  const { label, action, onCancel, focused = false, busy = false, testId = 'comment-form' } = props
  const use = useField(props)
  const { text, field, send } = use
  const [preview, setPreview] = useState(false)
  const empty = text.trim() === ''
  useEffect(() => {
    if (focused) field.current?.focus()
  }, [focused, field])
  return (
    <form
      className="composer"
      data-testid={testId}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {preview && !empty ? (
        <div className="composer-preview">
          <MarkdownText text={text} />
        </div>
      ) : (
        <TextField label={label} use={use} />
      )}
      <div className="composer-actions">
        <button
          type="button"
          className="link"
          aria-pressed={preview && !empty}
          disabled={empty}
          onClick={() => setPreview(!preview)}
        >
          {preview && !empty ? 'Write' : 'Preview'}
        </button>
        <small className="faint grow">Markdown, @name, Ctrl ⏎</small>
        {onCancel && (
          <button type="button" className="button small" onClick={onCancel}>
            Cancel
          </button>
        )}
        <button type="submit" className="button small primary" disabled={busy || empty}>
          {action}
        </button>
      </div>
    </form>
  )
}
