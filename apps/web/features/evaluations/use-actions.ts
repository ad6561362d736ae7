// What can be done with an evaluation: one call for each, and what was refused last.
import { useState } from 'react'
import { useClient } from 'urql'
import type { DocumentInput, AnyVariables } from 'urql'
import {
  CancelEvaluationDocument,
  DeleteEvaluationDocument,
  ExtendEvaluationDocument,
  PauseEvaluationDocument,
  ResumeEvaluationDocument,
  RetryFailedCasesDocument,
  SetEvaluationPriorityDocument,
  type ArmInput,
  type EvaluationState,
} from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'

/** A deletion returns no evaluation, so the cache has to be told what changed. */
const CHANGES = {
  additionalTypenames: ['Evaluation', 'EvaluationConnection', 'EvaluationProgress'],
}

export type ActionName = 'pause' | 'resume' | 'cancel' | 'retry' | 'delete'

const DOCUMENTS = {
  pause: PauseEvaluationDocument,
  resume: ResumeEvaluationDocument,
  cancel: CancelEvaluationDocument,
  retry: RetryFailedCasesDocument,
  delete: DeleteEvaluationDocument,
} as const

export const ACTION_LABELS: Readonly<Record<ActionName, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Retry failed',
  delete: 'Delete',
}

/** What makes sense in a state. Deleting is offered where nothing computes. */
export function actionsOf(state: EvaluationState, failed: number): readonly ActionName[] {
  const table: Readonly<Record<EvaluationState, readonly ActionName[]>> = {
    QUEUED: ['pause', 'cancel'],
    RUNNING: ['pause', 'cancel'],
    PAUSED: ['resume', 'cancel', 'delete'],
    DONE: ['delete'],
    FAILED: ['resume', 'delete'],
    CANCELLED: ['resume', 'delete'],
  }
  return failed > 0 && state !== 'CANCELLED' ? ['retry', ...table[state]] : table[state]
}

/** One that failed or was cancelled is resumed first. */
export const canExtend = (state: EvaluationState): boolean =>
  state !== 'FAILED' && state !== 'CANCELLED'

interface Answer {
  readonly errors: readonly Complaint[]
}

export function useEvaluationActions(onChanged?: () => void) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const call = async <V extends AnyVariables>(
    document: DocumentInput<Record<string, unknown>, V>,
    variables: V,
  ): Promise<boolean> => {
    setBusy(true)
    const { data, error } = await client.mutation(document, variables, CHANGES).toPromise()
    const answer = Object.values(data ?? {}).find(
      (value): value is Answer => typeof value === 'object' && value !== null && 'errors' in value,
    )
    const refused = complaintOf(error, answer?.errors)
    setBusy(false)
    setComplaint(refused)
    if (!refused) onChanged?.()
    return refused === null
  }
  return {
    busy,
    complaint,
    act: (name: ActionName, id: string) => call(DOCUMENTS[name], { id }),
    extend: (id: string, cases: number | null, arms: ArmInput[] | null) =>
      call(ExtendEvaluationDocument, { id, cases, arms }),
    setPriority: (id: string, priority: number) =>
      call(SetEvaluationPriorityDocument, { id, priority }),
  }
}

export type EvaluationActions = ReturnType<typeof useEvaluationActions>
