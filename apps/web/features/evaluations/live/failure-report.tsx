'use client'
// Cases that failed: which, under which arm and why, as a table and as CSV, and one more try.
import { Dialog } from 'radix-ui'
import { useQuery } from 'urql'
import { formatCsv } from '../../../components/csv'
import { DialogFrame } from '../../../components/dialog-frame'
import { Problem } from '../../../components/problem'
import { saveFile } from '../../../components/save-file'
import { FailedCasesDocument, type FailedCasesQuery } from '../../../graphql/generated/graphql'
import { showCount } from '../../lens/numbers'
import type { EvaluationActions } from '../use-actions'
import type { LiveEvaluation } from './progress-model'

const SHOWN = 100

interface Failure {
  readonly caseId: string
  readonly prompt: string
  readonly arm: string
  readonly code: string
  readonly message: string
  readonly cure: string
}

function failuresOf(
  rows: FailedCasesQuery['comparisonCases']['rows'],
  evaluation: LiveEvaluation,
): readonly Failure[] {
  return rows.flatMap(({ caseId, prompt, cells }) =>
    cells.flatMap(({ armId, outcome, error }) =>
      outcome === 'FAILED'
        ? [
            {
              caseId,
              prompt,
              arm: evaluation.arms.find(({ id }) => id === armId)?.name ?? armId,
              code: error?.code ?? '',
              message: error?.message ?? 'No reason was recorded.',
              cure: error?.cure ?? '',
            },
          ]
        : [],
    ),
  )
}

function failuresCsv(failures: readonly Failure[]): string {
  return formatCsv(
    ['case', 'arm', 'code', 'message', 'cure', 'prompt'],
    failures.map(({ caseId, arm, code, message, cure, prompt }) => [
      caseId,
      arm,
      code,
      message,
      cure,
      prompt,
    ]),
  )
}

export interface FailuresProps {
  readonly evaluation: LiveEvaluation
  readonly failed: number
  readonly actions: EvaluationActions
}

function Table({ failures }: { readonly failures: readonly Failure[] }) {
  return (
    <table className="plain-table failures" data-testid="failures">
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">Arm</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {failures.map(({ caseId, arm, prompt, code, message, cure }) => (
          <tr key={`${caseId} ${arm}`}>
            <th scope="row" className="mono" title={prompt}>
              {caseId}
            </th>
            <td className="mono">{arm}</td>
            <td className="wrap">
              {message} <span className="muted">{cure}</span>{' '}
              <code className="problem-code">{code}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function FailureReport(props: FailuresProps & { readonly onClose: () => void }) {
  const { evaluation, failed, actions, onClose } = props
  const [{ data, error }] = useQuery({
    query: FailedCasesDocument,
    variables: { evaluationId: evaluation.id, limit: SHOWN },
    requestPolicy: 'network-only',
  })
  const failures = data ? failuresOf(data.comparisonCases.rows, evaluation) : []
  return (
    <DialogFrame className="dialog wide" onClose={onClose}>
      <Dialog.Title>
        {showCount(failed)} edit{failed === 1 ? '' : 's'} failed
      </Dialog.Title>
      {error && !data && (
        <Problem title="The failures could not be read" message={error.graphQLErrors[0]?.message} />
      )}
      {!data && !error && <div className="skeleton" style={{ height: 140 }} />}
      {data && (
        <div className="rejection-scroll" tabIndex={0} role="region" aria-label="Failed cases">
          <Table failures={failures} />
        </div>
      )}
      {failures.length < failed && data && (
        <p className="muted">The first {showCount(failures.length)} are shown.</p>
      )}
      <div className="dialog-actions">
        <button
          type="button"
          className="button"
          disabled={failures.length === 0}
          onClick={() =>
            saveFile(`${evaluation.name}-failed.csv`, failuresCsv(failures), 'text/csv')
          }
        >
          CSV
        </button>
        <Dialog.Close
          className="button"
          onClick={() => void actions.act('retry', evaluation.id)}
          data-testid="retry-failed"
        >
          Try them again
        </Dialog.Close>
        <Dialog.Close className="button primary">Close</Dialog.Close>
      </div>
    </DialogFrame>
  )
}
