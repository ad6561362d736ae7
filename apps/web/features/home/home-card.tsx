'use client'
// A card of the home page: its rows, or why there are none. It holds its place while it waits.
import Link from 'next/link'
import type { ReactNode } from 'react'

interface HomeCardProps {
  readonly title: string
  readonly href: string
  readonly all: string
  readonly waiting: boolean
  readonly failed: string | null
  readonly empty: ReactNode
  readonly rows: readonly ReactNode[]
  readonly testId: string
}

export function HomeCard(props: HomeCardProps) {
  const { title, href, all, waiting, failed, empty, rows, testId } = props
  return (
    <section className="card home-card" aria-label={title} data-testid={testId}>
      <header>
        <h2>{title}</h2>
        <Link className="link" href={href} prefetch={false}>
          {all}
        </Link>
      </header>
      {waiting && (
        <div aria-hidden>
          {[1, 2, 3].map((place) => (
            <div key={place} className="skeleton line" />
          ))}
        </div>
      )}
      {failed && <p className="none">{failed}</p>}
      {!waiting && !failed && rows.length === 0 && <p className="none">{empty}</p>}
      {rows.length > 0 && <ul>{rows}</ul>}
    </section>
  )
}
