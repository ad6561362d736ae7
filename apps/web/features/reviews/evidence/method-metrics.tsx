'use client'
// What the newest finished evaluation measured for a method on a model, with intervals.
import Link from 'next/link'
import { useQuery } from 'urql'
import {
  ComparisonDocument,
  TalkMethodEvaluationsDocument,
} from '../../../graphql/generated/graphql'
import { columnsOf, showMetric, type Comparison } from '../../comparison/comparison-model'
import { showCount } from '../../lens/numbers'

interface MethodMetricsProps {
  readonly method: string
  readonly modelId: string
}

function Rows({
  comparison,
  method,
  modelId,
}: MethodMetricsProps & { readonly comparison: Comparison }) {
  const arm = comparison.arms.find((one) => one.method === method && one.modelId === modelId)
  if (!arm) return <p className="muted">The evaluation has not measured it yet.</p>
  const columns = columnsOf(comparison)
  const ofArm = comparison.estimates.filter(({ armId }) => armId === arm.id)
  return (
    <table className="talk-table" data-testid="method-metrics">
      <thead>
        <tr>
          <th scope="col">Metric</th>
          <th scope="col">Mean</th>
          <th scope="col">95% interval</th>
          <th scope="col">n</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => {
          const estimate = ofArm.find(({ metric }) => metric === column.name)
          if (!estimate) return null
          return (
            <tr key={column.name} title={column.description}>
              <th scope="row">{column.label}</th>
              <td>{showMetric(estimate.mean, column)}</td>
              <td>
                {showMetric(estimate.low, column)} to {showMetric(estimate.high, column)}
              </td>
              <td>{showCount(estimate.n)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

export function MethodMetrics({ method, modelId }: MethodMetricsProps) {
  const [{ data }] = useQuery({
    query: TalkMethodEvaluationsDocument,
    variables: { filter: { method, modelId, state: 'DONE' } },
  })
  const evaluation = data?.evaluations.edges[0]?.node
  const [{ data: compared }] = useQuery({
    query: ComparisonDocument,
    variables: { input: { evaluationIds: evaluation ? [evaluation.id] : [] }, quick: true },
    pause: !evaluation,
  })
  return (
    <section className="card talk-card" aria-label="What evaluations say of the method">
      <h2>
        The method <span className="mono">{method}</span> in evaluations
      </h2>
      {data && !evaluation && (
        <p className="muted">No finished evaluation of this model names the method.</p>
      )}
      {evaluation && (
        <p className="muted">
          <Link href={`/evaluations/${evaluation.id}`} prefetch={false}>
            {evaluation.name}
          </Link>
          , {showCount(evaluation.cases)} cases
        </p>
      )}
      {evaluation && !compared && <div className="skeleton" style={{ height: 160 }} />}
      {compared && <Rows comparison={compared.comparison} method={method} modelId={modelId} />}
    </section>
  )
}
