import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { NeuronPage } from '../../../../../../features/neurons/neuron/neuron-page'
import { placeOf } from '../../../../../../features/neurons/neuron-address'
import { early, earlyIfPlain } from '../../../../../../graphql/early'
import { EarlyAsks } from '../../../../../../graphql/early-asks'
import { NeuronDocument, NeuronModelsDocument } from '../../../../../../graphql/generated/graphql'

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
  const [atLayer, atIndex] = [placeOf(layer), placeOf(index)]
  if (atLayer === null || atIndex === null) notFound()
  const place = { modelId: decodeURIComponent(model), layer: atLayer, index: atIndex }
  return (
    <>
      <EarlyAsks
        asks={[
          earlyIfPlain(NeuronDocument, { ...place, byCoefficient: false }),
          early(NeuronModelsDocument, {}),
        ]}
      />
      <Suspense>
        <NeuronPage place={place} />
      </Suspense>
    </>
  )
}
