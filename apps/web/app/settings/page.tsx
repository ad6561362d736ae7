import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '../../components/page-frame'
import { SettingsPage } from '../../features/settings/settings-page'

export const metadata: Metadata = { title: 'Settings' }

export default function SettingsRoute() {
  return (
    <Suspense fallback={<PageFrame title="Settings" />}>
      <SettingsPage />
    </Suspense>
  )
}
