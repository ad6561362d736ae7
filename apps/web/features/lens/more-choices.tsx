'use client'
// What most questions leave as it is: where to compute.
import { lazy, Suspense, useRef, useState } from 'react'
import { deviceSlug } from '../devices'
import type { Asking } from './use-asking'

/** Few open it, so its code comes when it is opened. */
const DeviceChoice = lazy(async () => ({
  default: (await import('../devices/device-choice')).DeviceChoice,
}))

export function MoreChoices({ asking }: { readonly asking: Asking }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLElement>(null)
  const { provider } = asking.question
  return (
    <details
      className="ask-more"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onBlur={(event) => {
        const next = event.relatedTarget
        if (next !== null && !event.currentTarget.contains(next)) setOpen(false)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        setOpen(false)
        button.current?.focus()
      }}
    >
      <summary className="button" ref={button}>
        {provider === 'AUTO' ? 'More' : `On ${deviceSlug(provider)}`}
      </summary>
      <div className="card more-panel">
        {open && (
          <Suspense>
            <DeviceChoice
              value={provider}
              onChange={(chosen) => asking.change({ provider: chosen })}
            />
          </Suspense>
        )}
      </div>
    </details>
  )
}
