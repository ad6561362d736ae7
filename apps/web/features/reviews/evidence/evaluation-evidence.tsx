'use client'
// What an evaluation found: the table of its methods, and what was computed in words.
import Link from 'next/link'
import { useMemo, useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { ComparedEvaluationDocument } from '../../../graphql/generated/graphql'
import { DEFAULT_COMPARISON, type ComparisonView } from '../../comparison/comparison-view'
import { NumberNotes } from '../../comparison/number-notes'
import { Refusal } from '../../comparison/refusal'
import { MethodTable } from '../../comparison/table/method-table'
import { useComparison } from '../../comparison/use-comparison'
import { showCount } from '../../lens/numbers'

function Table({ id }: { readonly id: string }) {
  const ids = useMemo(() => [id], [id])
  const [view, setView] = useState<ComparisonView>(DEFAULT_COMPARISON)
  const { comparison, complaint } = useComparison(ids, view, false)
  if (complaint && !comparison)
    return <Problem title="The comparison was not read" {...complaint} />
  if (!comparison) return <div className="card skeleton" style={{ height: 420 }} />
  if (comparison.refusal) return <Refusal refusal={comparison.refusal} />
  return (
    <NumberNotes>
      <MethodTable
        comparison={comparison}
        view={view}
        change={(part) => setView((current) => ({ ...current, ...part }))}
      />
    </NumberNotes>
  )
}

export function EvaluationEvidence({ id }: { readonly id: string }) {
  const [{ data, error }] = useQuery({ query: ComparedEvaluationDocument, variables: { id } })
  const evaluation = data?.evaluation
  if (data && !evaluation)
    return <Problem title="The evaluation is gone" message="It was deleted after the request." />
  if (error && !data)
    return <Problem title="The evaluation was not read" message="The API does not answer." />
  if (!evaluation) return <div className="card skeleton" style={{ height: 520 }} />
  const { progress } = evaluation
  return (
    <>
      <section className="card talk-card">
        <h2>
          <Link href={`/evaluations/${id}`} prefetch={false}>
            {evaluation.name}
          </Link>
        </h2>
        <p className="muted">
          {evaluation.protocol.title}, {evaluation.slice.name}, seed {evaluation.seed},{' '}
          {showCount(progress.done)} of {showCount(progress.total)} edits
        </p>
        {progress.failed > 0 && (
          <p className="notice">{showCount(progress.failed)} edits failed and are left out.</p>
        )}
      </section>
      <Table id={id} />
      <details className="card talk-card">
        <summary>Methods, in words</summary>
        <p className="methods-words">{evaluation.methodsText}</p>
      </details>
    </>
  )
}
