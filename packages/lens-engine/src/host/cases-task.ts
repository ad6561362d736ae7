// Tasks about evaluation cases: one entry for each kind, with what it asks and what it answers. Their functions are in
// run-cases-task.ts, which only the child loads.
import type {
  EvaluateCasesTask,
  EvaluatedCases,
  KnownAnswers,
  KnownCasesTask,
} from '../evaluation/cases-task.js'
import type { ObservedPrompts } from '../figures/observe-prompts.js'
import type { SurveyNeuronsTask, SurveyedNeurons } from '../neurons/survey-neurons-task.js'
import type { ObservePromptsTask } from '../figures/observe-prompts-task.js'

export interface CasesTasks {
  readonly 'evaluate-cases': { readonly task: EvaluateCasesTask; readonly answer: EvaluatedCases }
  readonly 'known-cases': { readonly task: KnownCasesTask; readonly answer: KnownAnswers }
  readonly 'observe-prompts': {
    readonly task: ObservePromptsTask
    readonly answer: ObservedPrompts
  }
  readonly 'survey-neurons': {
    readonly task: SurveyNeuronsTask
    readonly answer: SurveyedNeurons
  }
}

export type CasesTask = CasesTasks[keyof CasesTasks]['task']

export type CasesAnswer<T extends CasesTask = CasesTask> = CasesTasks[T['kind']]['answer']
