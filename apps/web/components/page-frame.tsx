// What the server sends of a page whose contents depend on its address: its name, and what it is for.
import type { ReactNode } from 'react'

interface PageFrameProps {
  readonly title: string
  readonly children?: ReactNode
}

export function PageFrame({ title, children }: PageFrameProps) {
  return (
    <main className="page" id="main" aria-busy>
      <div className="bar page-frame">
        <h1>{title}</h1>
      </div>
      {children}
    </main>
  )
}
