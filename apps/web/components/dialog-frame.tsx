'use client'
// A dialog over the page, open as long as it is there; where the focus was before, it returns. To be loaded when it is opened.
import { Dialog } from 'radix-ui'
import { useState, type ReactNode } from 'react'

interface DialogFrameProps {
  readonly className?: string
  readonly testId?: string
  readonly onClose: () => void
  /** Holds a `Dialog.Title`. */
  readonly children: ReactNode
}

export function DialogFrame({ className = 'dialog', testId, onClose, children }: DialogFrameProps) {
  const [before] = useState(() => document.activeElement)
  const goBack = (event: Event) => {
    event.preventDefault()
    if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className={className}
          aria-describedby={undefined}
          data-testid={testId}
          onCloseAutoFocus={goBack}
        >
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
