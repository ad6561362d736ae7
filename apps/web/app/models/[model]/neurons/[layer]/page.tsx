import type { Metadata } from 'next'
import { Suspense } from 'react'
import { placeOf } from '../../../../../features/neurons/neuron-address'
import { NeuronsPage } from '../../../../../features/neurons/table/neurons-page'
import {
  neuronVariables,
  PAGE,
  WHOLE_LAYER,
} from '../../../../../features/neurons/table/table-view'
import { early, earlyIfPlain } from '../../../../../graphql/early'
import { EarlyAsks } from '../../../../../graphql/early-asks'
import {
  NeuronModelsDocument,
  NeuronRunCountDocument,
  NeuronsDocument,
  NeuronSurveyDocument,
} from '../../../../../graphql/generated/graphql'

export const metadata: Metadata = { title: 'Neurons' }

interface LayerRouteProps {
  readonly params: Promise<{ readonly model: string; readonly layer: string }>
}

function asksOf(modelId: string, layer: number | null) {
  if (layer === null) return [early(NeuronModelsDocument, {})]
  const first = { ...neuronVariables(modelId, layer, WHOLE_LAYER), first: PAGE, after: null }
  return [
    early(NeuronModelsDocument, {}),
    earlyIfPlain(NeuronsDocument, first),
    early(NeuronSurveyDocument, { modelId, layer }),
    early(NeuronRunCountDocument, { modelId }),
  ]
}

export default async function LayerRoute({ params }: LayerRouteProps) {
  const { model, layer } = await params
  const place = { modelId: decodeURIComponent(model), layer: placeOf(layer) }
  return (
    <>
      <EarlyAsks asks={asksOf(place.modelId, place.layer)} />
      <Suspense>
        <NeuronsPage {...place} />
      </Suspense>
    </>
  )
}
