// A task about evaluation cases -> its answer, on a model that is loaded. Equal tasks have equal answers, whatever was
// computed before.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { EditResources } from '../edits/edit-method.js'
import { addressKey } from '../edits/matrix-delta.js'
import { engineVersion } from '../engine-version.js'
import { LensEngineError } from '../errors.js'
import { knownContexts } from '../resources/known-contexts.js'
import { prepareResources, readCovariances } from '../resources/prepare-resources.js'
import type { PrepareOptions } from '../resources/prepare-resources.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { runtimeVersion } from '../runtime/ort.js'
import type {
  CasesProgress,
  EvaluateCasesTask,
  EvaluatedCases,
  EvaluationReceipt,
  KnownAnswers,
  KnownCasesTask,
} from './cases-task.js'
import { contextsFor, describeEvaluatedModel } from './evaluated-model.js'
import { evaluateBatch } from './evaluate-batch.js'
import { checkArms } from './evaluation-arms.js'
import type { EvaluationArm, ResultRecord } from './evaluation-record.js'
import { failureOf } from './measure-arm.js'
import { answersOfCases } from './known-cases.js'
import { knownWeightsDigest } from './weights-digest.js'

export interface CasesTaskOptions {
  /** Imprint's home directory. */
  readonly home: string
  readonly onProgress?: (progress: CasesProgress) => void
}

/**
 * Evaluates a batch. What the bundled model lacks (key covariances, mend's editor) is made first and kept.
 * @returns the records that `runEvaluation` writes for the same cases in one batch; a case that fails leaves a failure, and so
 * does every case of an arm for whose resources there is no room on the disk (DISK_FULL)
 * @throws BAD_ARGUMENT for arms or cases that make no batch; WEIGHTS_MISMATCH when the weight files have changed;
 * KEY_COVARIANCE_MISSING, MEND_CHECKPOINT_MISSING; TOKENIZER_MISSING and others that every case would meet
 */
export async function evaluateCases(
  model: LoadedModel,
  task: EvaluateCasesTask,
  { home, onProgress = () => undefined }: CasesTaskOptions,
): Promise<EvaluatedCases> {
  const { arms, cases, seed, divergence, generation, mendCheckpoint } = task
  checkArms(arms)
  requireCases(cases.length)
  const { found, ready, unready } = await prepareArms(model, arms, {
    ...{ home, mendCheckpoint, onProgress },
  })
  onProgress({ stage: 'sampling contexts', done: null, total: null })
  const resources = { ...found, contextTemplates: knownContexts(model, seed) }
  const receipt = await describeBatch(model, { ...task, arms: ready }, resources)
  const settings = { arms: ready, seed, divergence, generation, resources }
  const steps = countSteps({ ...task, arms: ready }, onProgress)
  const { records, timings } =
    ready.length === 0
      ? { records: [], timings: [] }
      : await evaluateBatch(model, cases, { ...settings, ...steps })
  await knownWeightsDigest(model)
  return { records: withFailures(task, records, unready), timings, receipt }
}

interface PreparedArms {
  readonly found: Omit<EditResources, 'contextTemplates'>
  readonly ready: readonly EvaluationArm[]
  /** Arms whose resources did not fit on the disk. */
  readonly unready: ReadonlyMap<EvaluationArm, LensEngineError>
}

/** Arm by arm: what one lacks room for is no reason why the others should fail. */
async function prepareArms(
  model: LoadedModel,
  arms: readonly EvaluationArm[],
  options: Omit<PrepareOptions, 'methods'>,
): Promise<PreparedArms> {
  const unready = new Map<EvaluationArm, LensEngineError>()
  let found: PreparedArms['found'] = await prepareResources(model, { ...options, methods: [] })
  for (const arm of arms) {
    try {
      found = { ...found, ...(await prepareResources(model, { ...options, methods: [arm] })) }
    } catch (error) {
      if (!(error instanceof LensEngineError) || error.code !== 'DISK_FULL') throw error
      unready.set(arm, error)
    }
  }
  return { found, unready, ready: arms.filter((arm) => !unready.has(arm)) }
}

/** The records of every arm in order, case by case. */
function withFailures(
  { arms, cases }: EvaluateCasesTask,
  records: readonly ResultRecord[],
  unready: PreparedArms['unready'],
): readonly ResultRecord[] {
  if (unready.size === 0) return records
  const own = records.values()
  return cases.flatMap((one) =>
    arms.map((arm) => {
      const error = unready.get(arm)
      return error === undefined ? (own.next().value as ResultRecord) : failureOf(one, arm, error)
    }),
  )
}

/** Edits first, then the unedited model and every arm. */
function countSteps(
  { arms, cases }: EvaluateCasesTask,
  onProgress: (progress: CasesProgress) => void,
) {
  const counter = (stage: string, total: number) => {
    let done = 0
    return (): void => onProgress({ stage, done: ++done, total })
  }
  return {
    onEdit: counter('computing edits', arms.length * cases.length),
    onMeasured: counter('measuring edits', arms.length),
  }
}

async function describeBatch(
  model: LoadedModel,
  { arms }: EvaluateCasesTask,
  { keyCovariance, contextTemplates, mendCheckpoint }: EditResources,
): Promise<EvaluationReceipt> {
  const covariances: Record<string, string> = {}
  for (const address of readCovariances(model, arms)) {
    const covariance = await keyCovariance?.(address)
    if (covariance !== undefined) covariances[addressKey(address)] = covariance.digest
  }
  return {
    model: describeEvaluatedModel(model, await knownWeightsDigest(model)),
    device: model.provider.device,
    contexts: await contextsFor(arms, async (style) => (await contextTemplates?.(style)) ?? []),
    covariances,
    mendEditor: mendCheckpoint === undefined ? null : digestFile(mendCheckpoint),
    engineVersion,
    runtimeVersion,
  }
}

const digestFile = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

/**
 * Asks the unedited model the cases.
 * @throws BAD_ARGUMENT for no case and where a case has no true answer; TOKENIZER_MISSING
 */
export async function answerCases(
  model: LoadedModel,
  { cases }: KnownCasesTask,
  { onProgress = () => undefined }: CasesTaskOptions,
): Promise<KnownAnswers> {
  requireCases(cases.length)
  const answers = await answersOfCases(model, cases, {
    onProgress: ({ tested }) =>
      onProgress({ stage: 'asking the model', done: tested, total: cases.length }),
  })
  return { answers }
}

function requireCases(count: number): void {
  if (count > 0) return
  throw new LensEngineError('BAD_ARGUMENT', 'there is no case', { cure: 'Choose at least one.' })
}
