'use client'
// Several evaluations in one table, where their protocols allow it.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { Tabs } from 'radix-ui'
import { useEffect, useMemo, useState } from 'react'
import { useClient } from 'urql'
import { CopyText } from '../../components/copy-text'
import { Problem } from '../../components/problem'
import {
  ComparedEvaluationDocument,
  type ComparedEvaluationQuery,
} from '../../graphql/generated/graphql'
import { ComparisonBody } from './comparison-body'
import { parseIds } from './comparison-export'
import type { Tab } from './comparison-view'
import { Waiting } from './evaluation-page'
import { ExportMenu } from './export-menu'
import { MethodsText } from './methods-text'
import { Refusal } from './refusal'
import type { ComparedIds } from './comparison-input'
import { useComparison } from './use-comparison'
import { useComparisonView } from './use-comparison-view'

type Evaluation = NonNullable<ComparedEvaluationQuery['evaluation']>

/** The evaluations' own facts; those that are gone are left out. */
function useEvaluations(ids: ComparedIds): readonly Evaluation[] {
  const client = useClient()
  const [found, setFound] = useState<readonly Evaluation[]>([])
  useEffect(() => {
    let gone = false
    const read = async () => {
      const answers = await Promise.all(
        ids.map((id) => client.query(ComparedEvaluationDocument, { id }).toPromise()),
      )
      if (!gone)
        setFound(answers.flatMap(({ data }) => (data?.evaluation ? [data.evaluation] : [])))
    }
    void read()
    return () => {
      gone = true
    }
  }, [client, ids])
  return found
}

function Names({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
  return (
    <p className="evaluation-facts muted">
      {evaluations.map(({ id, name }) => (
        <Link key={id} href={`/evaluations/${id}`} prefetch={false}>
          {name}
        </Link>
      ))}
    </p>
  )
}

function Compared({ ids }: { readonly ids: ComparedIds }) {
  const [view, change, address] = useComparisonView('ids')
  const evaluations = useEvaluations(ids)
  const { comparison, complaint } = useComparison(ids, view, false)
  const texts = evaluations.map(({ id, name, methodsText }) => ({ id, name, text: methodsText }))
  return (
    <Tabs.Root
      value={view.tab}
      onValueChange={(tab) => change({ tab: tab as Tab })}
      className="comparison"
    >
      <Names evaluations={evaluations} />
      <div className="bar tabs-bar">
        <Tabs.List className="tabs grow" aria-label="Parts of the comparison">
          <Tabs.Trigger value="results">Comparison</Tabs.Trigger>
          <Tabs.Trigger value="methods">Methods, in words</Tabs.Trigger>
        </Tabs.List>
        <CopyText
          text={typeof window === 'undefined' ? address : window.location.origin + address}
          label="Share"
        />
        {comparison && !comparison.refusal && (
          <ExportMenu ids={ids} view={view} exports={[]} whole={null} />
        )}
      </div>
      <Tabs.Content value="results" className="comparison-tab">
        {complaint && !comparison && <Problem title="The comparison was not read" {...complaint} />}
        {!comparison && !complaint && <Waiting />}
        {comparison?.refusal && <Refusal refusal={comparison.refusal} />}
        {comparison && !comparison.refusal && (
          <ComparisonBody {...{ ids, comparison, view, change, address }} again={0} />
        )}
      </Tabs.Content>
      <Tabs.Content value="methods" className="comparison-tab">
        <MethodsText texts={texts} />
      </Tabs.Content>
    </Tabs.Root>
  )
}

export function CompareEvaluationsPage() {
  const text = useSearchParams().get('ids')
  const ids = useMemo(() => parseIds(text), [text])
  return (
    <main className="page" id="main">
      <header className="evaluation-head">
        <h1>Compare evaluations</h1>
      </header>
      {ids.length === 0 ? (
        <Problem title="Nothing to compare" message="The address names no evaluation.">
          <Link className="button small" href="/evaluations" prefetch={false}>
            Choose evaluations
          </Link>
        </Problem>
      ) : (
        <Compared key={ids.join()} ids={ids} />
      )}
    </main>
  )
}
