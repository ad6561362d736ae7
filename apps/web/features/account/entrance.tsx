// The card of the pages where people come in.
import type { ReactNode } from 'react'

interface EntranceProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly children: ReactNode
  readonly testId: string
}

export function Entrance({ title, lead, children, testId }: EntranceProps) {
  return (
    <main className="page entrance" id="main">
      <section className="card entrance-card" data-testid={testId}>
        <h1>{title}</h1>
        {lead && <div className="muted entrance-lead">{lead}</div>}
        {children}
      </section>
    </main>
  )
}

/** Holds the place of a form until it is known which one. */
export function EntranceSkeleton() {
  return (
    <main className="page entrance" id="main">
      <div className="card entrance-card skeleton" style={{ height: 360 }} aria-hidden />
    </main>
  )
}
