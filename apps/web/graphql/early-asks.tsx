'use client'
// Puts what a page asks first into the head of the page that the server sends; a page reached by a link asks by itself.
import { useServerInsertedHTML } from 'next/navigation'
import type { EarlyAsk } from './early'
import { EARLY_SCRIPT } from './early-script'

export function EarlyAsks({ asks }: { readonly asks: readonly EarlyAsk[] }) {
  let sent = false
  useServerInsertedHTML(() => {
    if (sent) return null
    sent = true
    return (
      <script data-asks={JSON.stringify(asks)} dangerouslySetInnerHTML={{ __html: EARLY_SCRIPT }} />
    )
  })
  return null
}
