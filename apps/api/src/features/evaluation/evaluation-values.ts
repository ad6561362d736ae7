// Rows of evaluations -> GraphQL values.
import { providerChoices } from '../../vocabulary/names.js'
import type { EvaluationSettingsJson } from '../../jobs/evaluation-claim.js'
import type { RunError } from '../lens-run/lens-run.type.js'
import { protocolInfo } from '../protocol/protocol-values.js'
import type { EvaluationProgress } from './evaluation-progress.type.js'
import type { ArmRow, EvaluationRow } from './evaluation.repository.js'
import type { Evaluation, EvaluationArm } from './evaluation.type.js'

export function toEvaluation(row: EvaluationRow): Evaluation {
  const { id, name, note, seed, cases, priority, state, clonedFromId, authorId, sliceId } = row
  const { createdAt, startedAt, finishedAt, progressVersion: version } = row
  const { provider, ...settings } = row.settings as unknown as EvaluationSettingsJson
  return {
    ...{ id, name, note, seed, cases, priority, state, clonedFromId, authorId, sliceId, version },
    ...{ createdAt, startedAt, finishedAt, error: row.error as RunError | null },
    protocol: protocolInfo(row.protocol),
    settings: { ...settings, provider: providerChoices.fromEngine(provider) },
  }
}

export function toArm(row: ArmRow, methodTitle: string): EvaluationArm {
  const { id, name, place, method, hyperparameters, defaults, receipt } = row
  const { evaluationId, modelId } = row
  return {
    ...{ id, name, place, method, methodTitle, hyperparameters, defaults, receipt },
    ...{ evaluationId, modelId },
  }
}

/** @param arms how many */
export const toProgress = (
  { id, version, state, error, cases, protocol }: Evaluation,
  arms: number,
): EvaluationProgress => ({
  ...{ evaluationId: id, version, state, error, total: cases * arms, protocol: protocol.name },
})
