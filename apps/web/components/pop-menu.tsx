'use client'
// A button with a menu under it: arrow keys go round the items, Escape closes, so does looking elsewhere.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

interface PopMenuProps {
  readonly label: string
  readonly button: ReactNode
  readonly className: string
  readonly side?: 'left' | 'right'
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
    itemsOf(menu.current)[0]?.focus()
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
  const { label, button, className, side = 'right', children, testId } = props
  const id = useId()
  const { open, setOpen, box, trigger, menu, onKey } = usePop()
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
