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
import { answersOfCases } from './known-cases.js'
import { knownWeightsDigest } from './weights-digest.js'

export interface CasesTaskOptions {
  /** Imprint's home directory. */
  readonly home: string
  readonly onProgress?: (progress: CasesProgress) => void
}

/**
 * Evaluates a batch. What the bundled model lacks (key covariances, mend's editor) is made first and kept.
 * @returns the records that `runEvaluation` writes for the same cases in one batch; a case that fails leaves a failure
 * @throws BAD_ARGUMENT for arms or cases that make no batch; WEIGHTS_MISMATCH when the weight files have changed;
 * KEY_COVARIANCE_MISSING, MEND_CHECKPOINT_MISSING; TOKENIZER_MISSING, DISK_FULL and others that every case would meet
 */
export async function evaluateCases(
  model: LoadedModel,
  task: EvaluateCasesTask,
  { home, onProgress = () => undefined }: CasesTaskOptions,
): Promise<EvaluatedCases> {
  const { arms, cases, seed, divergence, generation, mendCheckpoint } = task
  checkArms(arms)
  requireCases(cases.length)
  const found = await prepareResources(model, { home, methods: arms, mendCheckpoint, onProgress })
  onProgress({ stage: 'sampling contexts', done: null, total: null })
  const resources = { ...found, contextTemplates: knownContexts(model, seed) }
  const receipt = await describeBatch(model, task, resources)
  const settings = { arms, seed, divergence, generation, resources }
  const batch = await evaluateBatch(model, cases, { ...settings, ...countSteps(task, onProgress) })
  await knownWeightsDigest(model)
  return { ...batch, receipt }
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
