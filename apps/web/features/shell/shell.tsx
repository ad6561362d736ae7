// The frame of every page: top bar, rail, connection banner.
import type { ReactNode } from 'react'
import { ConnectionBanner } from './connection-banner'
import { Rail } from './rail'
import { TopBar } from './top-bar'

export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar />
      <Rail />
      <div className="content">
        <ConnectionBanner />
        {children}
      </div>
    </div>
  )
}
