// The way to what awaits me.
import Link from 'next/link'

export function InboxBell() {
  return (
    <Link className="icon" href="/inbox" prefetch={false} aria-label="Inbox" title="Inbox">
      <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
        <path d="M2.5 9.5 4 3h8l1.5 6.5v3h-11zM2.5 9.5H6c0 1.1.9 1.8 2 1.8s2-.7 2-1.8h3.5" />
      </svg>
    </Link>
  )
}
