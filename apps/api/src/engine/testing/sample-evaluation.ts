// Made-up answers to tasks of evaluations, in the engine's form: the same case and arm always give the same record.
import { createHash } from 'node:crypto'
import type { EvaluationCase, PromptRow, ResultRecord, RowRecord } from '@imprint/lens-engine'
import type {
  EvaluateCasesTask,
  EvaluatedCases,
  EvaluationAnswer,
  EvaluationReceipt,
  EvaluationTask,
} from '../evaluation-task.js'
import { sampleSurvey } from './sample-neurons.js'

type TaskOf<Kind> = Extract<EvaluationTask, { readonly kind: Kind }>
type Made = {
  readonly [Kind in EvaluationTask['kind']]: (task: TaskOf<Kind>) => EvaluationAnswer<TaskOf<Kind>>
}

/** A number from 0 to 1 that stands for these words. */
function numberOf(...words: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(words.join('\0')).digest()
  return digest.readUInt32LE(0) / 2 ** 32
}

const reading = (nll: number) => {
  const correct = nll < 0.7
  return { nll, tokens: 1, correct: [correct], argmax: [correct ? 1 : 2] }
}

const sides = (salt: string, edited: boolean, wantsNew: boolean) => {
  const sure = (side: string, prefers: boolean) =>
    reading((prefers ? 0.2 : 2) + numberOf(salt, side, String(edited)))
  return { new: sure('new', edited && wantsNew), true: sure('true', !(edited && wantsNew)) }
}

function promptsOf(one: EvaluationCase, arm: string): PromptRow[] {
  const row = (kind: PromptRow['kind'], index: number): PromptRow => {
    const salt = `${one.id} ${arm} ${kind} ${index}`
    const wantsNew = kind !== 'neighborhood' && numberOf(salt) > 0.2
    return {
      ...{ kind, index, klToBase: kind === 'neighborhood' ? numberOf(salt, 'kl') / 10 : null },
      before: sides(`${one.id} ${kind} ${index}`, false, wantsNew),
      after: sides(salt, true, wantsNew),
    }
  }
  return [
    row('rewrite', 0),
    ...one.paraphrases.map((_, index) => row('paraphrase', index)),
    ...one.neighbors.map((_, index) => row('neighborhood', index)),
  ]
}

/** The record that a scripted engine gives a case under an arm. */
export function sampleRecord(one: EvaluationCase, arm: string): RowRecord {
  const texts = { generations: null, references: null, perplexity: null }
  return {
    kind: 'row',
    ...{ caseId: one.id, relation: one.relation.id, method: arm },
    prompts: promptsOf(one, arm),
    ...{ before: texts, after: texts },
    edit: createHash('sha256').update(`${one.id} ${arm}`).digest('hex'),
    outcome: { kind: 'edited' },
    ...{ warnings: [], covariances: {} },
    cost: { forwardPasses: 1, backwardPasses: 1 },
  } as unknown as RowRecord
}

export const sampleReceipt: EvaluationReceipt = {
  model: {
    ...{ name: 'tiny-bytes', family: 'gpt2', provider: 'cpu', dtype: 'float32', threads: 1 },
    ...{ weightsDigest: 'a'.repeat(64), configDigest: 'b'.repeat(64), tokenizerDigest: null },
  },
  ...{ device: 'Test processor', contexts: null, covariances: {}, mendEditor: null },
  ...{ engineVersion: '0', runtimeVersion: '0' },
}

function evaluated({ cases, arms }: EvaluateCasesTask): EvaluatedCases {
  const pairs = cases.flatMap((one) => arms.map((arm) => ({ one, arm })))
  return {
    records: pairs.map(({ one, arm }): ResultRecord => sampleRecord(one, arm.name)),
    timings: pairs.map(({ one, arm }) => ({
      ...{ caseId: one.id, method: arm.name },
      ...{ editMilliseconds: 10, measureMilliseconds: 5, peakBytes: 1e8 },
    })),
    receipt: sampleReceipt,
  }
}

export const sampleEvaluationAnswers: Made = {
  'evaluate-cases': evaluated,
  'known-cases': ({ cases }) => ({
    answers: cases.map(({ id }) => (numberOf(id, 'known') < 0.5 ? 'all' : 'none')),
  }),
  'survey-neurons': sampleSurvey,
  'observe-prompts': ({ cases }) => ({
    observations: cases.map(({ id: caseId }) => ({ caseId, skipped: 'nothing is observed' })),
    receipt: sampleReceipt as never,
  }),
}
