// Rows of edits and of computations about them -> what GraphQL shows of them.
import type {
  EditDifference,
  EditPreview as EnginePreview,
  TriedEdits,
} from '../../engine/engine-vocabulary.js'
import { editDeltaKinds, editOutcomeKinds } from '../../vocabulary/edit-names.js'
import type { RunError } from '../lens-run/lens-run.type.js'
import { toDiff, toEffect, toGrowth, toNextToken, toReadings } from './edit-answers.js'
import type { DeltaHead, EditResultRow } from './edit-content.repository.js'
import type { EditEffect } from './edit-effect.type.js'
import type {
  EditCost,
  EditDelta,
  EditNormGrowth,
  EditReading,
  EditTrace,
} from './edit-reading.type.js'
import type { EditTaskRow } from './edit-task.repository.js'
import type { EditExport, EditTask } from './edit-task.type.js'
import type { EditRow } from './edit.repository.js'
import type { Edit, EditProbes, EditRequest, EditSummary } from './edit.type.js'
import type { DiffQuestion, EditQuestion } from './task-input.js'

export function toEdit(row: EditRow, titleOf: (method: string) => string): Edit {
  const { id, digest, skipReason, stackPosition, modelId, authorId } = row
  const outcome = skipReason === null ? 'EDITED' : 'SKIPPED'
  return {
    ...{ id, digest, skipReason, stackPosition, modelId, authorId },
    name: row.name,
    method: row.method,
    methodTitle: titleOf(row.method),
    requests: row.requests as unknown as EditRequest[],
    probes: row.probes as unknown as EditProbes,
    hyperparameters: row.hyperparameters,
    seed: row.seed,
    onTopOf: row.onTopOf,
    createdAt: row.createdAt,
    applied: stackPosition !== null,
    outcome: digest === null ? null : editOutcomeKinds.values[outcome],
    warnings: row.warnings,
    summary: row.summary as unknown as EditSummary | null,
    downloadUrl: digest === null ? null : `/api/edits/${id}/edit.safetensors`,
  }
}

/** What the page of one edit shows beyond its row. */
export interface EditResultValues {
  readonly effect: EditEffect
  readonly readings: EditReading[]
  readonly growth: EditNormGrowth[]
  readonly trace: EditTrace[]
  readonly cost: EditCost
  readonly receipt: unknown
}

export function toResultValues({
  record,
  effect,
  readings,
  growth,
}: EditResultRow): EditResultValues {
  const { milliseconds, forwardPasses, backwardPasses, sequences, tokens, peakBytes } = record.cost
  return {
    effect: toEffect(effect),
    readings: toReadings(readings),
    growth: toGrowth(growth),
    trace: record.trace.map((one) => ({ ...one, values: [...one.values] })),
    cost: { passes: forwardPasses + backwardPasses, milliseconds, sequences, tokens, peakBytes },
    receipt: { ...record.receipt, model: record.model },
  }
}

export function toDeltaHead(head: DeltaHead): EditDelta {
  return { ...head, kind: editDeltaKinds.fromEngine(head.kind) }
}

const noAnswer = { preview: null, effect: null, growth: [], diff: null, exported: null }

export function toEditTask(row: EditTaskRow): EditTask {
  const { id, kind, state, stage, done, total, losses, attempt, editId, modelId, startedAt } = row
  const end = row.finishedAt ?? new Date()
  return {
    ...{ id, kind, state, stage, done, total, losses, attempt, editId, modelId, startedAt },
    method: kind === 'COMPUTE' ? (row.input as unknown as EditQuestion).method : null,
    ...noAnswer,
    ...answerOf(row),
    loss: losses.at(-1) ?? null,
    version: row.progressVersion,
    error: row.error as unknown as RunError | null,
    elapsedSeconds: Math.max(0, (end.getTime() - row.createdAt.getTime()) / 1_000),
  }
}

/** The answer of each kind, from the `result` that its worker stored. */
const answers: Readonly<Record<EditTaskRow['kind'], (row: EditTaskRow) => Partial<EditTask>>> = {
  COMPUTE: () => ({}),
  PREVIEW: ({ result }) => ({ preview: toPreview(result as unknown as EnginePreview) }),
  TRY: ({ result }) => {
    const { effect, growth } = result as unknown as TriedEdits
    return { effect: toEffect(effect), growth: toGrowth(growth) }
  },
  DIFF: ({ result, input }) => ({
    diff: toDiff(result as unknown as EditDifference, input as unknown as DiffQuestion),
  }),
  EXPORT: ({ result }) => ({ exported: result as unknown as EditExport }),
}

const answerOf = (row: EditTaskRow): Partial<EditTask> =>
  row.state === 'DONE' && row.result !== null ? answers[row.kind](row) : {}

function toPreview(preview: EnginePreview): EditTask['preview'] {
  return {
    ...preview,
    subjectTokens: [...preview.subjectTokens],
    current: toNextToken(preview.current),
    missing: [...preview.missing],
    notes: [...preview.notes],
  }
}
