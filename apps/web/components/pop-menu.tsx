'use client'
// A button with a menu under it: arrow keys go round the items, Escape closes, so does looking elsewhere.
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react'

interface PopMenuProps {
  readonly label: string
  readonly button: ReactNode
  readonly className: string
  readonly side?: 'left' | 'right'
  /** In a place that scrolls: the menu lies over everything and closes when something scrolls. */
  readonly floating?: boolean
  readonly children: ReactNode
  readonly testId?: string
}

const itemsOf = (menu: HTMLElement | null): readonly HTMLElement[] => [
  ...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? []),
]

/** Open or not; the pointer elsewhere closes, and the first item is in focus when it opens. */
function usePop() {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLSpanElement>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    itemsOf(menu.current)[0]?.focus({ preventScroll: true })
    const onPointer = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointer)
    return () => document.removeEventListener('pointerdown', onPointer)
  }, [open])
  const onKey = (event: KeyboardEvent) => {
    if (!open) return
    const items = itemsOf(menu.current)
    const to = placeAfter(event.key, items.indexOf(document.activeElement as HTMLElement), items)
    if (event.key === 'Escape') {
      setOpen(false)
      trigger.current?.focus()
    } else if (to === undefined) return
    else items[to]?.focus()
    event.preventDefault()
    event.stopPropagation()
  }
  return { open, setOpen, box, trigger, menu, onKey }
}

const GAP = 4

/** Puts a menu under its button, above it where there is no room below, whatever would clip it. */
function useFloating(
  { open, setOpen, trigger, menu }: ReturnType<typeof usePop>,
  floating: boolean,
): void {
  useLayoutEffect(() => {
    if (!open || !floating) return
    place(menu, trigger)
    const close = () => setOpen(false)
    window.addEventListener('scroll', close, { capture: true, once: true })
    window.addEventListener('resize', close, { once: true })
    return () => {
      window.removeEventListener('scroll', close, { capture: true })
      window.removeEventListener('resize', close)
    }
  }, [open, floating, setOpen, trigger, menu])
}

function place(
  { current: menu }: RefObject<HTMLElement | null>,
  { current: trigger }: RefObject<HTMLElement | null>,
): void {
  if (!menu || !trigger) return
  const at = trigger.getBoundingClientRect()
  const below = at.bottom + GAP
  const fits = below + menu.offsetHeight <= window.innerHeight
  const top = fits ? below : Math.max(GAP, at.top - GAP - menu.offsetHeight)
  const right = Math.max(GAP, document.documentElement.clientWidth - at.right)
  Object.assign(menu.style, { position: 'fixed', top: `${top}px`, right: `${right}px` })
}

function placeAfter(key: string, at: number, { length }: readonly unknown[]): number | undefined {
  const places: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % length,
    ArrowUp: (at - 1 + length) % length,
    Home: 0,
    End: length - 1,
  }
  return places[key]
}

export function PopMenu(props: PopMenuProps) {
  const { label, button, className, side = 'right', floating = false, children, testId } = props
  const id = useId()
  const pop = usePop()
  const { open, setOpen, box, trigger, menu, onKey } = pop
  useFloating(pop, floating)
  return (
    <span
      className="pop"
      ref={box}
      onKeyDown={onKey}
      onBlur={({ relatedTarget }) =>
        relatedTarget && !box.current?.contains(relatedTarget) && setOpen(false)
      }
    >
      <button
        ref={trigger}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        data-testid={testId}
      >
        {button}
      </button>
      {open && (
        <div
          ref={menu}
          id={id}
          className="menu pop-menu"
          role="menu"
          aria-label={label}
          data-side={side}
          onClick={(event) =>
            (event.target as HTMLElement).closest('[role^="menuitem"]') && setOpen(false)
          }
        >
          {children}
        </div>
      )}
    </span>
  )
}
