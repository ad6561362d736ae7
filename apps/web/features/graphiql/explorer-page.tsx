'use client'
// GraphiQL, bundled with the page so that it works offline, with examples that run against this installation.
import dynamic from 'next/dynamic'
import Link from 'next/link'

const Explorer = dynamic(() => import('./explorer').then((module) => module.Explorer), {
  ssr: false,
  loading: () => <div className="skeleton explorer-frame" />,
})

export function ExplorerPage() {
  return (
    <main className="page explorer-page" id="main">
      <h1 className="hidden-text">API</h1>
      <p className="lead">
        Everything the pages do, a script can do: POST JSON to <code>/graphql</code>. The examples
        run on this installation, as you; keys for scripts are made in{' '}
        <Link className="link" href="/settings" prefetch={false}>
          Settings
        </Link>
        .
      </p>
      <Explorer />
    </main>
  )
}
