'use client'
// All neurons of the filter, as a file: read page by page first.
import { useState } from 'react'
import { useClient } from 'urql'
import { saveFile } from '../../../components/save-file'
import { NeuronsDocument, type NeuronRowPartsFragment } from '../../../graphql/generated/graphql'
import { complaintOf } from '../../edits/complaint'
import { neuronsCsv, neuronsJson } from './neurons-export'
import type { TableView } from './table-view'
import { neuronVariables, PAGE } from './table-view'

interface ExportButtonsProps {
  readonly model: { readonly id: string; readonly name: string }
  readonly layer: number
  readonly view: TableView
}

function useReadAll({ model, layer, view }: ExportButtonsProps) {
  const client = useClient()
  return async (): Promise<NeuronRowPartsFragment[]> => {
    const all: NeuronRowPartsFragment[] = []
    const variables = neuronVariables(model.id, layer, view)
    for (let after: string | null = null, more = true; more;) {
      const { data, error } = await client
        .query(NeuronsDocument, { ...variables, first: PAGE, after })
        .toPromise()
      if (!data) throw new Error(complaintOf(error, undefined)?.message)
      all.push(...data.neurons.edges.map(({ node }) => node))
      after = data.neurons.pageInfo.endCursor ?? null
      more = data.neurons.pageInfo.hasNextPage && after !== null
    }
    return all
  }
}

export function ExportButtons(props: ExportButtonsProps) {
  const { model, layer, view } = props
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const readAll = useReadAll(props)
  const save = async (kind: 'csv' | 'json') => {
    setBusy(true)
    setFailed(null)
    try {
      const neurons = await readAll()
      const name = `${model.name}-layer-${layer}-neurons.${kind}`
      if (kind === 'csv') saveFile(name, neuronsCsv(neurons), 'text/csv')
      else
        saveFile(name, neuronsJson({ model: model.name, layer }, view, neurons), 'application/json')
    } catch (cause) {
      setFailed(cause instanceof Error ? cause.message : 'The API does not answer.')
    } finally {
      setBusy(false)
    }
  }
  return (
    <span className="joined" role="group" aria-label="Export">
      {(['csv', 'json'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          className="button small"
          disabled={busy}
          data-testid={`neurons-${kind}`}
          title={`All neurons of this filter as ${kind.toUpperCase()}`}
          onClick={() => void save(kind)}
        >
          {kind.toUpperCase()}
        </button>
      ))}
      {failed && (
        <span className="field-problem" role="alert">
          {failed}
        </span>
      )}
    </span>
  )
}
