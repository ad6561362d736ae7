// Tasks about cases as the engine's child process is given them, and what it answers. Only this folder imports the engine.
export type {
  CasesAnswer as EvaluationAnswer,
  CasesProgress as EvaluationTaskProgress,
  CasesTask as EvaluationTask,
  EvaluateCasesTask,
  EvaluatedCases,
  EvaluationReceipt,
  KnownCasesTask,
} from '@imprint/lens-engine'
