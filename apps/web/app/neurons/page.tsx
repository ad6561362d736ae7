import type { Metadata } from 'next'
import { NeuronsStart } from '../../features/neurons/neurons-start'

export const metadata: Metadata = { title: 'Neurons' }

export default function NeuronsRoute() {
  return <NeuronsStart />
}
