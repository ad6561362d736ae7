import type { Metadata } from 'next'
import { CollectionPage } from '../../../features/collections/page/collection-page'

export const metadata: Metadata = { title: 'Collection' }

interface CollectionRouteProps {
  readonly params: Promise<{ readonly id: string }>
}

export default async function CollectionRoute({ params }: CollectionRouteProps) {
  const { id } = await params
  return <CollectionPage key={id} id={id} />
}
