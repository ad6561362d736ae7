// The frame of every page: top bar, rail, banners, and who looks.
import type { ReactNode } from 'react'
import { early } from '../../graphql/early'
import { EarlyAsks } from '../../graphql/early-asks'
import {
  MeDocument,
  RunningJobsDocument,
  ShellFactsDocument,
} from '../../graphql/generated/graphql'
import { MeProvider } from '../account/me'
import { AccessGate } from './access-gate'
import { ConnectionBanner } from './connection-banner'
import { Rail } from './rail'
import { RefusalNotice } from './refusal-notice'
import { TopBar } from './top-bar'
import { ViewerStrip } from './viewer-strip'

/** After what the page itself asks. */
const ASKS = [early(MeDocument, {}), early(ShellFactsDocument, {}), early(RunningJobsDocument, {})]

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
        <EarlyAsks asks={ASKS} />
      </div>
    </MeProvider>
  )
}
