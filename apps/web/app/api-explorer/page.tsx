import type { Metadata } from 'next'
import { ExplorerPage } from '../../features/graphiql'

export const metadata: Metadata = { title: 'API' }

export default function ExplorerRoute() {
  return <ExplorerPage />
}
