import type { Metadata } from 'next'
import { JoinPage } from '../../../features/account/join-page'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

export default async function JoinRoute({
  params,
}: {
  readonly params: Promise<{ readonly token: string }>
}) {
  const { token } = await params
  return <JoinPage token={decodeURIComponent(token)} />
}
