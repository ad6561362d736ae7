import Link from 'next/link'

export default function NotFoundPage() {
  return (
    <main className="page" id="main">
      <section className="card empty">
        <h1>There is no page here</h1>
        <p>The address may be mistyped, or the page belongs to a later version.</p>
        <Link className="button primary" href="/lens">
          Open the lens
        </Link>
      </section>
    </main>
  )
}
