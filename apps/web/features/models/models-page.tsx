'use client'
// The models this installation can read, those on their way, a form to add one, and what computes.
import { useCallback, useEffect } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../components/problem'
import { useHydrated } from '../../components/use-hydrated'
import { onReconnected } from '../../graphql/connection'
import { ModelsDocument } from '../../graphql/generated/graphql'
import { DevicesCard } from '../devices'
import { AddModelForm } from './add-model-form'
import { ImportsCard } from './imports-card'
import { ModelCard } from './model-card'
import { useModelImports } from './use-model-imports'

export function ModelsPage() {
  const [{ data, error }, refetch] = useQuery({
    query: ModelsDocument,
    variables: { first: 100 },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch])
  useEffect(() => onReconnected(reload), [reload])
  const imports = useModelImports(reload)
  const ready = data !== undefined && imports.loaded
  const alive = useHydrated()
  return (
    <main className="page" id="main" inert={!alive}>
      <h1>Models</h1>
      <AddModelForm directories={data?.server.modelDirectories ?? null} onAdded={imports.reload} />
      {error && !data && (
        <Problem
          title="The models could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      {!ready && !error && <div className="card skeleton" style={{ height: 300 }} />}
      {ready && (
        <>
          <ImportsCard imports={imports} />
          <ul className="model-list">
            {data.models.edges.map(({ node }) => (
              <ModelCard key={node.id} model={node} memoryAvailable={data.server.memoryAvailable} />
            ))}
          </ul>
          {data.models.edges.length === 0 && <p className="muted">No model has been added yet.</p>}
          <DevicesCard devices={data.server.devices} workers={data.server.workers} />
        </>
      )}
    </main>
  )
}
