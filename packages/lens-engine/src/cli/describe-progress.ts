// Progress of edits and evaluations -> one line for people.
import type { EditProgress } from '../edits/edit-method.js'
import type { EvaluationProgress } from '../evaluation/run-evaluation.js'

export function describeEditProgress({ stage, done, total, loss }: EditProgress): string {
  const shown = loss === undefined ? '' : `, loss ${loss.toFixed(4)}`
  return `${stage}: ${done} of ${total}${shown}`
}

export function describeEvaluationProgress(progress: EvaluationProgress): string {
  const { done, total, failures, secondsLeft } = progress
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
  const failed = failures === 0 ? '' : `, ${failures} failed`
  return `${done} of ${total} edits${failed}${left}`
}
