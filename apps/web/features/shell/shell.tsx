// The frame of every page: top bar, rail, banners, and who looks.
import type { ReactNode } from 'react'
import { MeProvider } from '../account/me'
import { AccessGate } from './access-gate'
import { ConnectionBanner } from './connection-banner'
import { Rail } from './rail'
import { RefusalNotice } from './refusal-notice'
import { TopBar } from './top-bar'
import { ViewerStrip } from './viewer-strip'

export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <MeProvider>
      <div className="shell">
        <a className="skip" href="#main">
          Skip to content
        </a>
        <TopBar />
        <Rail />
        <div className="content">
          <ConnectionBanner />
          <AccessGate>{children}</AccessGate>
        </div>
        <ViewerStrip />
        <RefusalNotice />
      </div>
    </MeProvider>
  )
}
