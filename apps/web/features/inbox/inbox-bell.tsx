'use client'
// The way to what awaits me, with how much of it is unread.
import Link from 'next/link'
import { useInboxNews } from './inbox-news'

const MOST = 99

export function InboxBell() {
  const { unread, newest } = useInboxNews()
  const count = unread ?? 0
  const label = count > 0 ? `Inbox, ${count} unread` : 'Inbox'
  return (
    <>
      <Link
        className="icon bell"
        href="/inbox"
        prefetch={false}
        aria-label={label}
        title={label}
        data-testid="inbox-bell"
        data-unread={count}
      >
        <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
          <path d="M2.5 9.5 4 3h8l1.5 6.5v3h-11zM2.5 9.5H6c0 1.1.9 1.8 2 1.8s2-.7 2-1.8h3.5" />
        </svg>
        {count > 0 && (
          <span className="bell-count tabular" aria-hidden>
            {count > MOST ? `${MOST}+` : count}
          </span>
        )}
      </Link>
      <span className="hidden-text" aria-live="polite">
        {newest && `New in your inbox: ${newest}`}
      </span>
    </>
  )
}
