// The table of enum names of evaluations, their tables and the search: GraphQL and PostgreSQL on the left, the engine's words on the right.
import { defineNamedValues } from './named-values.js'

export const evaluationStates = defineNamedValues('EvaluationState', 'How far an evaluation is.', {
  QUEUED: { engine: 'queued', description: 'No worker has begun with it.' },
  RUNNING: { engine: 'running', description: 'Workers compute its cases.' },
  PAUSED: {
    engine: 'paused',
    description: 'Somebody paused it: what was being computed is finished, nothing new is begun.',
  },
  DONE: { engine: 'done', description: 'Every case has a row or a failure.' },
  FAILED: { engine: 'failed', description: 'It cannot go on; `error` says why and what to do.' },
  CANCELLED: { engine: 'cancelled', description: 'Somebody cancelled it; its rows are kept.' },
} as const)
export type EvaluationStateKey = keyof typeof evaluationStates.values

export const batchStates = defineNamedValues('BatchState', 'How far a batch of cases is.', {
  QUEUED: { engine: 'queued', description: 'Waiting for a worker.' },
  RUNNING: { engine: 'running', description: 'A worker holds its lease.' },
  DONE: { engine: 'done', description: 'Its rows are stored.' },
} as const)
export type BatchStateKey = keyof typeof batchStates.values

export const resultKinds = defineNamedValues('ResultKind', 'What came of a case under an arm.', {
  ROW: { engine: 'row', description: 'Its readings.' },
  FAILURE: { engine: 'failure', description: 'An error.' },
} as const)
export type ResultKindKey = keyof typeof resultKinds.values

export const metricDirections = defineNamedValues('MetricDirection', 'Which way is better.', {
  HIGHER: { engine: 'higher', description: 'More is better.' },
  LOWER: { engine: 'lower', description: 'Less is better.' },
  NEITHER: { engine: 'neither', description: 'Neither is better.' },
} as const)
export type MetricDirectionKey = keyof typeof metricDirections.values

export const caseOutcomes = defineNamedValues('CaseOutcome', 'What came of a case under an arm.', {
  EDITED: { engine: 'edited', description: 'The edit was made and measured.' },
  SKIPPED: { engine: 'skipped', description: 'The method wrote nothing, as it prescribes.' },
  FAILED: { engine: 'failed', description: 'An error stands in its place.' },
} as const)
export type CaseOutcomeKey = keyof typeof caseOutcomes.values

export const caseSides = defineNamedValues('CaseSide', 'Which model a value is of.', {
  BEFORE: { engine: 'before', description: 'The unedited one.' },
  AFTER: { engine: 'after', description: 'The edited one.' },
} as const)
export type CaseSideKey = keyof typeof caseSides.values

export const flipDirections = defineNamedValues('FlipDirection', 'Which of two arms is right.', {
  EITHER: { engine: 'either', description: 'One of them, whichever.' },
  ONLY_FIRST: { engine: 'only-first', description: 'Only the first.' },
  ONLY_SECOND: { engine: 'only-second', description: 'Only the second.' },
} as const)
export type FlipDirectionKey = keyof typeof flipDirections.values

export const caseSortFields = defineNamedValues('CaseSortField', 'What cases can be sorted by.', {
  PLACE: { engine: 'place', description: 'Place in the data set.' },
  CASE_ID: { engine: 'case-id', description: 'Id of the case.' },
  RELATION: { engine: 'relation', description: 'Name of the relation.' },
  SUBJECT: { engine: 'subject', description: 'The subject.' },
} as const)
export type CaseSortFieldKey = keyof typeof caseSortFields.values
