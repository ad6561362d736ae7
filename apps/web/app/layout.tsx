import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { GraphqlProvider } from '../graphql/provider'
import { Shell, THEME_SCRIPT } from '../features/shell'
import './styles/tokens.css'
import './styles/base.css'
import './styles/components.css'
import './styles/shell.css'
import './styles/search.css'
import './styles/lens.css'
import './styles/figures.css'
import './styles/lists.css'
import './styles/account.css'
import './styles/talk.css'

export const metadata: Metadata = {
  title: { template: '%s · Imprint', default: 'Imprint' },
  description: 'Read what a gradient writes into a language model, in words.',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
}

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <link
          rel="preload"
          href="/fonts/inter.woff2"
          as="font"
          type="font/woff2"
          crossOrigin="anonymous"
        />
        <link
          rel="preload"
          href="/fonts/jetbrains-mono.woff2"
          as="font"
          type="font/woff2"
          crossOrigin="anonymous"
        />
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <GraphqlProvider>
          <Shell>{children}</Shell>
        </GraphqlProvider>
      </body>
    </html>
  )
}
