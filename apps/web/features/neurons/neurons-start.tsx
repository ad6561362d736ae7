'use client'
// `/neurons` where the server of the pages could not say which layer to show: it is looked up here.
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../components/problem'
import { NeuronModelsDocument } from '../../graphql/generated/graphql'
import { complaintOf } from '../edits/complaint'
import { firstModel } from './first-model'
import { layerAddress } from './neuron-address'
import { NeuronTabs } from './neuron-tabs'

export function NeuronsStart() {
  const router = useRouter()
  const [{ data, error }] = useQuery({ query: NeuronModelsDocument })
  const model = data ? firstModel(data) : null
  useEffect(() => {
    if (model) router.replace(layerAddress(model.id, 0))
  }, [model, router])
  const complaint = data ? null : complaintOf(error, undefined)
  return (
    <main className="page" id="main">
      <h1>Neurons</h1>
      <NeuronTabs />
      {complaint && (
        <Problem
          title="The models could not be read"
          message={complaint.message}
          cure={complaint.cure}
        />
      )}
      {data && !model && (
        <section className="card empty">
          <h2>No model is available</h2>
          <p>Add one, then its neurons can be read in words.</p>
          <a className="button primary" href="/models">
            Models
          </a>
        </section>
      )}
      {!complaint && (!data || model) && <div className="card skeleton" style={{ height: 814 }} />}
    </main>
  )
}
