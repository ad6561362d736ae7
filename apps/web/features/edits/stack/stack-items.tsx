'use client'
// The edits of a stack: switched with a box, moved with buttons, Alt+arrows or by dragging, taken out with ×.
import Link from 'next/link'
import { useState, type DragEvent, type KeyboardEvent } from 'react'
import type { EditListPartsFragment } from '../../../graphql/generated/graphql'
import { LevelBadge } from '../badges'
import { editTitle, requestLine } from '../edit-words'
import { moveItem, removeItem, toggleItem, type Stack, type StackItem } from './stack-model'

type Edit = EditListPartsFragment

interface StackItemsProps {
  readonly stack: Stack<Edit>
  readonly applied: readonly string[]
  readonly change: (next: (stack: Stack<Edit>) => Stack<Edit>) => void
}

const MOVES: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }

interface MovesProps {
  readonly title: string
  readonly place: number
  readonly count: number
  readonly onMove: (place: number) => void
  readonly onRemove: () => void
}

function Moves({ title, place, count, onMove, onRemove }: MovesProps) {
  return (
    <span className="stack-moves">
      <button
        type="button"
        className="icon"
        aria-label={`Move “${title}” up`}
        title="Up (Alt ↑)"
        disabled={place === 0}
        onClick={() => onMove(place - 1)}
      >
        ↑
      </button>
      <button
        type="button"
        className="icon"
        aria-label={`Move “${title}” down`}
        title="Down (Alt ↓)"
        disabled={place === count - 1}
        onClick={() => onMove(place + 1)}
      >
        ↓
      </button>
      <button type="button" className="icon" aria-label={`Take “${title}” out`} onClick={onRemove}>
        ×
      </button>
    </span>
  )
}

interface ItemProps {
  readonly item: StackItem<Edit>
  readonly place: number
  readonly count: number
  readonly applied: boolean
  readonly change: StackItemsProps['change']
  readonly move: (id: string, place: number) => void
}

function Item({ item: { edit, on }, place, count, applied, change, move }: ItemProps) {
  const [over, setOver] = useState(false)
  const title = editTitle(edit)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = MOVES[event.key]
    if (!event.altKey || step === undefined) return
    event.preventDefault()
    move(edit.id, place + step)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    move(event.dataTransfer.getData('text/plain'), place)
  }
  return (
    <li
      data-testid="stack-item"
      data-on={on || undefined}
      data-over={over || undefined}
      draggable
      onKeyDown={onKeyDown}
      onDragStart={(event) => event.dataTransfer.setData('text/plain', edit.id)}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <span className="stack-place tabular" aria-hidden>
        {place + 1}
      </span>
      <label className="stack-switch">
        <input
          type="checkbox"
          checked={on}
          aria-label={`${title} is on`}
          onChange={() => change((stack) => toggleItem(stack, edit.id))}
        />
      </label>
      <span className="stack-what">
        <Link href={`/edits/${edit.id}`} prefetch={false}>
          {edit.name?.trim() || requestLine(edit)}
        </Link>
        <small className="mono muted">{edit.method}</small>
      </span>
      {edit.summary && <LevelBadge level={edit.summary.level} />}
      <span className="badge">{applied ? 'applied' : 'not applied'}</span>
      <Moves
        title={title}
        place={place}
        count={count}
        onMove={(to) => move(edit.id, to)}
        onRemove={() => change((stack) => removeItem(stack, edit.id))}
      />
    </li>
  )
}

export function StackItems({ stack, applied, change }: StackItemsProps) {
  const [said, setSaid] = useState('')
  const move = (id: string, place: number) => {
    const item = stack.find(({ edit }) => edit.id === id)
    if (!item) return
    const to = Math.max(0, Math.min(stack.length - 1, place))
    change((current) => moveItem(current, id, to))
    setSaid(`${editTitle(item.edit)} is now number ${to + 1} of ${stack.length}.`)
  }
  return (
    <>
      <ol className="stack-items" aria-label="Edits in order">
        {stack.map((item, place) => (
          <Item
            key={item.edit.id}
            item={item}
            place={place}
            count={stack.length}
            applied={applied.includes(item.edit.id)}
            change={change}
            move={move}
          />
        ))}
      </ol>
      <p className="hidden-text" aria-live="polite">
        {said}
      </p>
    </>
  )
}
