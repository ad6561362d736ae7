// Keys that work anywhere on the lens page, except while typing.
import { useEffect } from 'react'
import type { LensView } from './lens-view'
import type { UpdateView } from './use-lens-view'

const VIEW_KEYS: Readonly<Record<string, (view: LensView) => Partial<LensView>>> = {
  f: (view) => ({ flipped: !view.flipped }),
  w: () => ({ show: 'written' }),
  r: () => ({ show: 'removed' }),
  b: () => ({ show: 'both' }),
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

export function isFreeText(target: EventTarget | null): boolean {
  return isTyping(target) && !(target instanceof HTMLInputElement && target.type === 'radio')
}

export function useLensKeys(update: UpdateView): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && event.ctrlKey) {
        document.querySelector<HTMLFormElement>('form.ask')?.requestSubmit()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (event.key === 'Escape' && isTyping(event.target)) {
        const cell = document.querySelector<HTMLElement>('.lens-grid [aria-selected="true"]')
        return cell ? cell.focus() : (event.target as HTMLElement).blur()
      }
      if (isFreeText(event.target) || document.querySelector('[role="dialog"]')) return
      if (event.key === '/') {
        event.preventDefault()
        document.querySelector<HTMLTextAreaElement>('.prompt textarea')?.focus()
        return
      }
      if (event.key === 'e') document.querySelector<HTMLElement>('[data-edit]')?.click()
      const change = VIEW_KEYS[event.key]
      if (change) update(change)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [update])
}
