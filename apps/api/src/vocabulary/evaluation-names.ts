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
