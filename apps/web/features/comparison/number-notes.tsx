'use client'
// One note for all numbers of a page: what a number is and where it is from, beside it, on hover or focus.
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { createPortal } from 'react-dom'

interface Shown {
  readonly at: DOMRect
  readonly content: ReactNode
}

interface Notes {
  readonly id: string
  readonly show: (at: DOMRect, content: ReactNode) => void
  readonly hide: () => void
}

const NotesContext = createContext<Notes | null>(null)

const WIDTH = 300

function place(at: DOMRect): {
  readonly left: number
  readonly top?: number
  readonly bottom?: number
} {
  const left = Math.max(8, Math.min(at.left, window.innerWidth - WIDTH - 8))
  return at.bottom + 220 < window.innerHeight
    ? { left, top: at.bottom + 6 }
    : { left, bottom: window.innerHeight - at.top + 6 }
}

function NoteLayer({
  id,
  listen,
}: {
  readonly id: string
  readonly listen: (set: (shown: Shown | null) => void) => void
}) {
  const [shown, setShown] = useState<Shown | null>(null)
  useEffect(() => {
    listen(setShown)
    const hide = () => setShown(null)
    window.addEventListener('scroll', hide, { capture: true, passive: true })
    return () => window.removeEventListener('scroll', hide, { capture: true })
  }, [listen])
  if (!shown) return null
  return createPortal(
    <div
      className="number-note"
      role="tooltip"
      id={id}
      style={{ ...place(shown.at), width: WIDTH }}
    >
      {shown.content}
    </div>,
    document.body,
  )
}

export function NumberNotes({ children }: { readonly children: ReactNode }) {
  const id = useId()
  const setter = useRef<(shown: Shown | null) => void>(() => {})
  const listen = useCallback((set: (shown: Shown | null) => void) => {
    setter.current = set
  }, [])
  const notes = useMemo<Notes>(
    () => ({
      id,
      show: (at, content) => setter.current({ at, content }),
      hide: () => setter.current(null),
    }),
    [id],
  )
  return (
    <NotesContext value={notes}>
      {children}
      <NoteLayer id={id} listen={listen} />
    </NotesContext>
  )
}

interface NotedProps {
  readonly note: () => ReactNode
  readonly className?: string
  readonly row: number
  readonly column: number
  readonly children: ReactNode
}

/** A number that can be asked where it is from. Arrow keys lead from one to the next: see `moveBetweenCells`. */
export function Noted({ note, className = '', row, column, children }: NotedProps) {
  const notes = useContext(NotesContext)
  const open = (element: Element) => notes?.show(element.getBoundingClientRect(), note())
  return (
    <span
      className={`noted ${className}`}
      role="button"
      tabIndex={row === 0 && column === 0 ? 0 : -1}
      data-row={row}
      data-column={column}
      aria-describedby={notes?.id}
      onMouseEnter={(event) => open(event.currentTarget)}
      onMouseLeave={() => notes?.hide()}
      onFocus={(event) => open(event.currentTarget)}
      onBlur={() => notes?.hide()}
      onKeyDown={(event) => event.key === 'Escape' && notes?.hide()}
    >
      {children}
    </span>
  )
}

const STEPS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

function focusOn(next: HTMLElement, cell: HTMLElement): void {
  cell.tabIndex = -1
  next.tabIndex = 0
  next.focus()
}

const placeOf = ({ dataset }: HTMLElement) => ({
  row: Number(dataset.row),
  column: Number(dataset.column),
})

/** Moves the focus between elements with `data-row` and `data-column`; one of them at a time is reached by Tab. */
export function moveBetweenCells(event: KeyboardEvent<HTMLElement | SVGElement>): void {
  const step = STEPS[event.key]
  const cell = (event.target as Element).closest<HTMLElement>('[data-row]')
  if (!step || !cell) return
  const { row, column } = placeOf(cell)
  const next = event.currentTarget.querySelector<HTMLElement>(
    `[data-row="${row + step[0]}"][data-column="${column + step[1]}"]`,
  )
  event.preventDefault()
  if (next) focusOn(next, cell)
}

/** The same where most places are empty: to the nearest that way, rather straight on than aside. */
export function moveToNearest(event: KeyboardEvent<HTMLElement | SVGElement>): void {
  const step = STEPS[event.key]
  const cell = (event.target as Element).closest<HTMLElement>('[data-row]')
  if (!step || !cell) return
  event.preventDefault()
  const from = placeOf(cell)
  const others = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const ahead = others.flatMap((next) => {
    const { row, column } = placeOf(next)
    const [down, right] = [row - from.row, column - from.column]
    const on = down * step[0] + right * step[1]
    const aside = Math.abs(step[0] === 0 ? down : right)
    return on > 0 ? [{ next, far: on + 2 * aside }] : []
  })
  const nearest = ahead.toSorted((a, b) => a.far - b.far)[0]
  if (nearest) focusOn(nearest.next, cell)
}
