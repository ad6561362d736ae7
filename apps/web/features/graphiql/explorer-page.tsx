'use client'
// GraphiQL, bundled with the page so that it works offline, with examples that run against this installation.
import dynamic from 'next/dynamic'

const Explorer = dynamic(() => import('./explorer').then((module) => module.Explorer), {
  ssr: false,
  loading: () => <div className="skeleton explorer-frame" />,
})

export function ExplorerPage() {
  return (
    <main className="page explorer-page" id="main">
      <h1 className="hidden-text">API</h1>
      <Explorer />
    </main>
  )
}
