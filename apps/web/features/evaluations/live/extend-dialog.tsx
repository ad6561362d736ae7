'use client'
// More cases or more methods for an evaluation; what is computed stays.
import { Dialog } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import type { ExtendProps } from './extend-fields'

/** Few extend, so the fields come when the dialog is opened. */
const ExtendFields = lazy(async () => ({
  default: (await import('./extend-fields')).ExtendFields,
}))

export function ExtendButton({ evaluation, actions }: ExtendProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button small">Extend</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <Dialog.Title>Extend {evaluation.name}</Dialog.Title>
          <Dialog.Description className="muted">
            What is computed stays; only what is new is computed.
          </Dialog.Description>
          <div className="extend">
            <Suspense fallback={<div className="skeleton" style={{ height: 180 }} />}>
              <ExtendFields
                evaluation={evaluation}
                actions={actions}
                onDone={() => setOpen(false)}
              />
            </Suspense>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
