// A task about evaluation cases -> the function that computes it, by its kind.
import { answerCases, evaluateCases, type CasesTaskOptions } from '../evaluation/run-cases-task.js'
import { answerObservePrompts } from '../figures/observe-prompts-task.js'
import { surveyNeurons } from '../neurons/survey-neurons-task.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { CasesAnswer, CasesTask, CasesTasks } from './cases-task.js'

type Runners = {
  readonly [Kind in keyof CasesTasks]: (
    model: LoadedModel,
    task: CasesTasks[Kind]['task'],
    options: CasesTaskOptions,
  ) => Promise<CasesTasks[Kind]['answer']>
}

const runners: Runners = {
  'evaluate-cases': evaluateCases,
  'known-cases': answerCases,
  'observe-prompts': answerObservePrompts,
  'survey-neurons': surveyNeurons,
}

/** @throws what the task's own function throws */
export function runCasesTask<T extends CasesTask>(
  model: LoadedModel,
  task: T,
  options: CasesTaskOptions,
): Promise<CasesAnswer<T>> {
  const run = runners[task.kind] as unknown as (
    model: LoadedModel,
    task: T,
    options: CasesTaskOptions,
  ) => Promise<CasesAnswer<T>>
  return run(model, task, options)
}
