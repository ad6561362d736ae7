'use client'
// What most questions leave as it is: where to compute.
import { useRef, useState } from 'react'
import { DeviceChoice, PROVIDERS } from '../devices'
import type { Asking } from './use-asking'

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
        {provider === 'AUTO' ? 'More' : `On ${PROVIDERS[provider].slug}`}
      </summary>
      <div className="card more-panel">
        <DeviceChoice
          value={provider}
          shown={open}
          onChange={(chosen) => asking.change({ provider: chosen })}
        />
      </div>
    </details>
  )
}
