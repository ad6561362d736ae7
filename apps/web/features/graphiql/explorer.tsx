'use client'
// GraphiQL with the examples open in its tabs and ids of this installation filled in.
import { GraphiQL } from 'graphiql'
import 'graphiql/setup-workers/webpack'
import 'graphiql/style.css'
import { useMemo, type ComponentProps } from 'react'
import { useQuery } from 'urql'
import { ExampleIdsDocument } from '../../graphql/generated/graphql'
import { useTheme } from '../shell/theme'
import { EXAMPLES } from './examples'
import { createFetcher } from './fetcher'
import { fillIds } from './fill-ids'

interface Ids {
  readonly edges: readonly { readonly node: { readonly id: string } }[]
}

export function Explorer() {
  const theme = useTheme()
  const [{ data, error }] = useQuery({ query: ExampleIdsDocument })
  // GraphiQL's type asks for live GraphQLError objects; what arrives is their JSON form.
  const fetcher = useMemo(() => createFetcher() as ComponentProps<typeof GraphiQL>['fetcher'], [])
  const tabs = useMemo(() => {
    const idOf = (list?: Ids) => list?.edges[0]?.node.id ?? ''
    const ids = {
      modelId: idOf(data?.models),
      runId: idOf(data?.lensRuns),
      editId: idOf(data?.edits),
      sliceId: idOf(data?.slices),
      evaluationId: idOf(data?.evaluations),
    }
    return EXAMPLES.map(({ query, variables }) => ({
      query,
      variables: variables ? fillIds(variables, ids) : null,
      headers: null,
    }))
  }, [data])
  if (!data && !error) return <div className="skeleton explorer-frame" />
  return (
    <div className="explorer-frame">
      <GraphiQL
        fetcher={fetcher}
        defaultTabs={tabs}
        forcedTheme={theme}
        isHeadersEditorEnabled={false}
      />
    </div>
  )
}
