import type { Metadata } from 'next'
import { Suspense } from 'react'
import { placeOf } from '../../../../../features/neurons/neuron-address'
import { NeuronsPage } from '../../../../../features/neurons/table/neurons-page'

export const metadata: Metadata = { title: 'Neurons' }

interface LayerRouteProps {
  readonly params: Promise<{ readonly model: string; readonly layer: string }>
}

export default async function LayerRoute({ params }: LayerRouteProps) {
  const { model, layer } = await params
  return (
    <Suspense>
      <NeuronsPage modelId={decodeURIComponent(model)} layer={placeOf(layer)} />
    </Suspense>
  )
}
