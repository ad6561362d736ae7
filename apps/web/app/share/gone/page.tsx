import type { Metadata } from 'next'
import Link from 'next/link'

export const metadata: Metadata = { title: 'Shared view' }

export default function ShareGonePage() {
  return (
    <main className="page" id="main">
      <section className="card empty" data-testid="share-gone">
        <h1>This shared view is not there any more</h1>
        <p>
          The link is mistyped, has ended, or was revoked by whoever shared it. Ask them for a new
          one.
        </p>
        <Link className="button" href="/lens">
          Open the lens
        </Link>
      </section>
    </main>
  )
}
