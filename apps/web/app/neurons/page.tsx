import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { firstModel } from '../../features/neurons/first-model'
import { layerAddress } from '../../features/neurons/neuron-address'
import { NeuronsStart } from '../../features/neurons/neurons-start'
import { askApi } from '../../graphql/ask-api'
import { NeuronModelsDocument } from '../../graphql/generated/graphql'

export const metadata: Metadata = { title: 'Neurons' }

export default async function NeuronsRoute() {
  const found = await askApi(NeuronModelsDocument, {})
  const model = found && firstModel(found)
  if (model) redirect(layerAddress(model.id, 0))
  return <NeuronsStart />
}
