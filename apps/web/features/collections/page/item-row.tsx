'use client'
// One item of a collection: what it is, its labels, its note; moved by dragging or by Alt and the arrows.
import Link from 'next/link'
import { useState, type DragEvent, type KeyboardEvent } from 'react'
import type { CollectionItemsQuery } from '../../../graphql/generated/graphql'

export type CollectionItem = NonNullable<
  CollectionItemsQuery['collection']
>['items']['edges'][number]['node']

interface ItemRowProps {
  readonly item: CollectionItem
  readonly place: number
  readonly count: number
  readonly mayChange: boolean
  readonly onMove: (from: number, to: number) => void
  readonly onNote: (item: CollectionItem, note: string) => void
  readonly onRemove: (item: CollectionItem) => void
}

function Labels({ item }: Pick<ItemRowProps, 'item'>) {
  const labels = item.annotations.filter(({ state }) => state !== 'WITHDRAWN')
  return (
    <span className="item-labels">
      {labels.slice(0, 3).map(({ id, label, author, state }) => (
        <Link
          key={id}
          className="chip"
          href={`/annotations/${id}`}
          prefetch={false}
          title={`${author.name}, ${state.toLowerCase()}`}
        >
          {label}
        </Link>
      ))}
      {labels.length > 3 && <span className="muted">+{labels.length - 3}</span>}
    </span>
  )
}

function Note({ item, mayChange, onNote }: Pick<ItemRowProps, 'item' | 'mayChange' | 'onNote'>) {
  const [typed, setTyped] = useState<string | null>(null)
  if (!mayChange) return <span className="muted">{item.note}</span>
  const save = () => {
    if (typed !== null && typed !== item.note) onNote(item, typed)
    setTyped(null)
  }
  return (
    <input
      className="input small-input item-note"
      aria-label={`Note on ${item.anchor.title}`}
      placeholder="Note"
      maxLength={2000}
      value={typed ?? item.note}
      data-testid="item-note"
      onChange={(event) => setTyped(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  )
}

const DRAGGED = 'text/plain'

function useDrag({
  place,
  mayChange,
  onMove,
}: Pick<ItemRowProps, 'place' | 'mayChange' | 'onMove'>) {
  const [over, setOver] = useState(false)
  if (!mayChange) return {}
  return {
    'data-over': over || undefined,
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      const from = Number(event.dataTransfer.getData(DRAGGED))
      if (Number.isInteger(from) && from !== place) onMove(from, place)
    },
  }
}

function Grip({
  item,
  place,
  count,
  onMove,
}: Pick<ItemRowProps, 'item' | 'place' | 'count' | 'onMove'>) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    const to = place + step
    if (step === 0 || to < 0 || to >= count) return
    event.preventDefault()
    onMove(place, to)
  }
  return (
    <button
      type="button"
      className="icon grip"
      draggable
      aria-label={`Move ${item.anchor.title}: up and down arrows`}
      title="Drag, or the up and down arrows"
      data-testid="item-grip"
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(place))}
      onKeyDown={onKeyDown}
    >
      ⠿
    </button>
  )
}

export function ItemRow(props: ItemRowProps) {
  const { item, place, mayChange, onRemove } = props
  const drag = useDrag(props)
  return (
    <li className="item-row" data-testid="collection-item" {...drag}>
      {mayChange ? <Grip {...props} /> : <span />}
      <span className="faint tabular">{place + 1}</span>
      <Link
        href={item.anchor.path}
        prefetch={false}
        className="item-title"
        title={item.anchor.title}
      >
        {item.anchor.title}
      </Link>
      <Labels item={item} />
      <Note {...props} />
      {mayChange && (
        <button
          type="button"
          className="icon"
          aria-label={`Remove ${item.anchor.title}`}
          onClick={() => onRemove(item)}
        >
          ×
        </button>
      )}
    </li>
  )
}
