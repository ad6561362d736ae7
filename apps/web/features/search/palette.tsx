'use client'
// Everything there is, by what is typed: arrows move, Enter opens, Escape closes.
import { Dialog } from 'radix-ui'
import { DialogFrame } from '../../components/dialog-frame'
import { useRouter } from 'next/navigation'
import { useId, useState, type KeyboardEvent } from 'react'
import { useQuery } from 'urql'
import { useDebouncedValue } from '../../components/use-debounced-value'
import { PaletteSearchDocument } from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'
import { groupsOf, type PaletteGroup, type PaletteRow, type SnippetPiece } from './palette-model'

const MOST = 24
const SETTLE_MS = 140

function useFound(text: string) {
  const asked = useDebouncedValue(text.trim(), SETTLE_MS)
  const [{ data, error, fetching }] = useQuery({
    query: PaletteSearchDocument,
    variables: { query: asked, first: MOST },
    pause: asked === '',
  })
  const waiting = text.trim() !== '' && (fetching || asked !== text.trim())
  // What was found before stays in view while the next is asked.
  const hits = asked === '' ? [] : (data?.search.edges ?? []).map(({ node }) => node)
  const complaint = asked === '' || data ? null : complaintOf(error, undefined)
  return { groups: groupsOf(text, hits), waiting, complaint }
}

function Snippet({ pieces }: { readonly pieces: readonly SnippetPiece[] }) {
  if (pieces.length === 0) return null
  return (
    <span className="palette-snippet">
      {pieces.map(({ text, hit }, place) =>
        hit ? <mark key={place}>{text}</mark> : <span key={place}>{text}</span>,
      )}
    </span>
  )
}

interface RowsProps {
  readonly groups: readonly PaletteGroup[]
  readonly listId: string
  readonly active: string | undefined
  readonly onActive: (key: string) => void
  readonly onOpen: (row: PaletteRow) => void
}

function Rows({ groups, listId, active, onActive, onOpen }: RowsProps) {
  return (
    <div role="listbox" id={listId} aria-label="Found" className="palette-list" tabIndex={-1}>
      {groups.map(({ title, rows }) => (
        <div key={title} role="group" aria-label={title}>
          <p aria-hidden>{title}</p>
          {rows.map((row) => (
            <div
              key={row.key}
              role="option"
              id={`${listId}${row.key}`}
              aria-selected={row.key === active}
              data-testid="palette-row"
              onPointerMove={() => onActive(row.key)}
              onClick={() => onOpen(row)}
            >
              <span className="palette-title">{row.title}</span>
              <Snippet pieces={row.snippet} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

interface FieldProps {
  readonly listId: string
  readonly active: string | undefined
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

function Field({ listId, active, value, onChange, onKeyDown }: FieldProps) {
  return (
    <input
      role="combobox"
      aria-expanded
      aria-controls={listId}
      aria-activedescendant={active ? `${listId}${active}` : undefined}
      aria-label="Search runs, edits, neurons, annotations, comments, collections, evaluations and pages"
      placeholder="Runs, edits, neurons, annotations, comments, pages"
      autoComplete="off"
      spellCheck={false}
      autoFocus
      maxLength={200}
      value={value}
      data-testid="palette-input"
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  )
}

function footText(complaint: Complaint | null, waiting: boolean, found: number): string {
  if (complaint) return complaint.message
  if (waiting) return 'Searching'
  return found === 0 ? 'Nothing found' : ''
}

function Foot({ text }: { readonly text: string }) {
  return (
    <p className="palette-foot">
      <span className="grow" role="status">
        {text}
      </span>
      <kbd>↑</kbd>
      <kbd>↓</kbd> move <kbd>Enter</kbd> open <kbd>Esc</kbd> close
    </p>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter()
  const listId = useId()
  const [text, setText] = useState('')
  const [wanted, setWanted] = useState<string | null>(null)
  const { groups, waiting, complaint } = useFound(text)
  const rows = groups.flatMap((group) => group.rows)
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === wanted),
  )
  const active = rows[at]
  const open = (row: PaletteRow) => {
    onClose()
    router.push(row.path)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (event.key === 'Enter' && active) open(active)
    else if (step !== undefined && rows.length > 0) {
      const next = rows[(at + step + rows.length) % rows.length]
      setWanted(next?.key ?? null)
      if (next)
        document.getElementById(`${listId}${next.key}`)?.scrollIntoView({ block: 'nearest' })
    } else return
    event.preventDefault()
  }
  return (
    <DialogFrame className="palette" testId="palette" onClose={onClose}>
      <Dialog.Title className="hidden-text">Search</Dialog.Title>
      <Field
        listId={listId}
        active={active?.key}
        value={text}
        onChange={(next) => {
          setText(next)
          setWanted(null)
        }}
        onKeyDown={onKeyDown}
      />
      <Rows
        groups={groups}
        listId={listId}
        active={active?.key}
        onActive={setWanted}
        onOpen={open}
      />
      <Foot text={footText(complaint, waiting, rows.length)} />
    </DialogFrame>
  )
}
