import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { NeuronPage } from '../../../../../../features/neurons/neuron/neuron-page'
import { placeOf } from '../../../../../../features/neurons/neuron-address'

interface NeuronRouteProps {
  readonly params: Promise<{
    readonly model: string
    readonly layer: string
    readonly index: string
  }>
}

export async function generateMetadata({ params }: NeuronRouteProps): Promise<Metadata> {
  const { layer, index } = await params
  return { title: `Neuron ${layer}/${index}` }
}

export default async function NeuronRoute({ params }: NeuronRouteProps) {
  const { model, layer, index } = await params
  const place = { layer: placeOf(layer), index: placeOf(index) }
  if (place.layer === null || place.index === null) notFound()
  return (
    <Suspense>
      <NeuronPage
        place={{ modelId: decodeURIComponent(model), layer: place.layer, index: place.index }}
      />
    </Suspense>
  )
}
