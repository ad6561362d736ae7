'use client'
// In place of a page that broke: what can be done about it. The rail stays, so that the rest can be reached.
import Link from 'next/link'

export default function BrokenPage({ reset }: { readonly reset: () => void }) {
  return (
    <main className="page" id="main">
      <section className="card empty" role="alert" data-testid="page-broke">
        <h1>This page broke</h1>
        <p>The fault is the page’s own; what was saved is safe. Try again, or go on elsewhere.</p>
        <div className="bar">
          <button type="button" className="button primary" onClick={reset}>
            Try again
          </button>
          <Link className="button" href="/home" prefetch={false}>
            Home
          </Link>
        </div>
      </section>
    </main>
  )
}
