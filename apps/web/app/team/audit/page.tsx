import type { Metadata } from 'next'
import { Suspense } from 'react'
import { AuditPage } from '../../../features/team/audit-page'

export const metadata: Metadata = { title: 'Audit log' }

export default function AuditRoute() {
  return (
    <Suspense>
      <AuditPage />
    </Suspense>
  )
}
