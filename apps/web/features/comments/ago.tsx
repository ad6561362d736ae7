'use client'
// How long ago something was, with the exact moment on hover.
import { ageOf } from '../edits/edit-words'
import { useNow } from './use-now'

const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** "now", "3 min ago". */
export function agoInWords(at: string, now: number): string {
  const age = ageOf(at, now)
  return age === 'now' ? 'just now' : `${age} ago`
}

export function Ago({ at }: { readonly at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={EXACT.format(new Date(at))} className="ago" suppressHydrationWarning>
      {now === 0 ? '' : agoInWords(at, Math.max(now, new Date(at).getTime()))}
    </time>
  )
}
