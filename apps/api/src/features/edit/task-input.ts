// What a computation about edits was asked, as its row keeps it, and the digest that says whether two ask the same.
import { createHash } from 'node:crypto'
import type { HyperparameterValues } from '../../engine/engine-vocabulary.js'
import type { EditTaskKindKey } from '../../vocabulary/edit-names.js'
import type { EditProbes, EditRequest } from './edit.type.js'

/** What an edit is asked for with; checked. */
export interface EditQuestion {
  readonly method: string
  readonly requests: readonly EditRequest[]
  readonly hyperparameters: HyperparameterValues
  readonly seed: number
  readonly onTopOf: readonly string[]
  readonly probes: EditProbes
}

export interface TryQuestion {
  readonly editIds: readonly string[]
  readonly prompt: string
  readonly target: string | null
  readonly generate: boolean
}

export interface DiffQuestion {
  readonly firstId: string
  readonly secondId: string
}

export interface ExportQuestion {
  readonly editIds: readonly string[]
  readonly name: string
}

/** The `input` column by kind; that of COMPUTE stands in the edit's own row. */
export interface TaskInputs {
  readonly COMPUTE: EditQuestion
  readonly PREVIEW: EditQuestion
  readonly TRY: TryQuestion
  readonly DIFF: DiffQuestion
  readonly EXPORT: ExportQuestion
}

export type TaskInput<Kind extends EditTaskKindKey = EditTaskKindKey> = TaskInputs[Kind]

/** Which edits a question is about, in order. */
export const editsOf: {
  readonly [Kind in EditTaskKindKey]: (input: TaskInputs[Kind]) => readonly string[]
} = {
  COMPUTE: ({ onTopOf }) => onTopOf,
  PREVIEW: ({ onTopOf }) => onTopOf,
  TRY: ({ editIds }) => editIds,
  DIFF: ({ firstId, secondId }) => [firstId, secondId],
  EXPORT: ({ editIds }) => editIds,
}

/** SHA-256 of a question to a model; ids of edits never change their content, so they stand for it. */
export function digestInput(kind: EditTaskKindKey, modelDigest: string, input: object): string {
  return createHash('sha256')
    .update(JSON.stringify([1, kind, modelDigest, sorted(input)]))
    .digest('hex')
}

/** The value with the keys of every object in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, one]) => [key, sorted(one)])
}
