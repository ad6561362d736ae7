// Cases and arms -> a results file, batch by batch: resumable, cancellable, with progress, and with the weights' digest before
// and after.
import { createHash } from 'node:crypto'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { EditResources } from '../edits/edit-method.js'
import { makeContextTemplates, type ContextStyle } from '../edits/shared/context-templates.js'
import { engineVersion } from '../engine-version.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { runtimeVersion } from '../runtime/ort.js'
import { contextsFor, describeEvaluatedModel } from './evaluated-model.js'
import { evaluateBatch } from './evaluate-batch.js'
import { checkArms, completeArms, type ArmRequest } from './evaluation-arms.js'
import type {
  EndRecord,
  GenerationSettings,
  HeaderRecord,
  ResultRecord,
} from './evaluation-record.js'
import type { ProtocolName } from './metrics/protocols.js'
import type { KnownCounts } from './known-cases.js'
import { openResultsFile } from './results-file.js'
import { changedWeights, digestWeights } from './weights-digest.js'

export interface EvaluationProgress {
  /** Edits computed and to compute, those of an earlier run included. */
  readonly done: number
  readonly total: number
  readonly failures: number
  /** null until an edit was computed by this run. */
  readonly secondsLeft: number | null
}

export interface RunEvaluationOptions {
  readonly cases: readonly EvaluationCase[]
  /** Of the file the cases are from. */
  readonly dataset: {
    readonly file: string
    readonly format: string
    readonly digest: string
    readonly known?: KnownCounts
  }
  readonly arms: readonly ArmRequest[]
  readonly protocol: ProtocolName
  readonly out: string
  /** 0 when absent. */
  readonly seed?: number
  /** Cases computed together; what an interruption loses at most. 8 when absent. */
  readonly casesPerBatch?: number
  /** KL to the base on neighborhood prompts; computed when absent. */
  readonly divergence?: boolean
  /** No texts when absent. */
  readonly generation?: GenerationSettings
  readonly resources?: Omit<EditResources, 'contextTemplates'>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EvaluationProgress) => void
}

export interface EvaluationResults {
  readonly header: HeaderRecord
  readonly records: readonly ResultRecord[]
  /** Records that an earlier run had written. */
  readonly resumed: number
}

const CASES_PER_BATCH = 8

/**
 * Evaluates every arm on every case and writes a record of each. The same call goes on where an interrupted one stopped
 * and ends with the same bytes on the same machine; timings stand in a file of their own.
 * @throws BAD_ARGUMENT for arms, cases or numbers that make no evaluation and for a file of another one; RUN_CANCELLED;
 * KEY_COVARIANCE_MISSING; WEIGHTS_MISMATCH when the weight files changed meanwhile; FILE_UNREADABLE, DISK_FULL
 */
export async function runEvaluation(
  model: LoadedModel,
  options: RunEvaluationOptions,
): Promise<EvaluationResults> {
  checkOptions(options)
  const { cases, signal } = options
  const header = await makeHeader(model, options)
  const { arms, casesPerBatch } = header
  const batches = cutCases(cases, casesPerBatch)
  const sizes = batches.map(({ length }) => length * arms.length)
  const file = openResultsFile(options.out, header, sizes)
  const resumed = file.kept.length
  if (file.complete) return { header, records: file.kept, resumed }
  const records = [...file.kept]
  const progress = progressReporter(cases.length * arms.length, records, options.onProgress)
  const { seed, divergence, generation } = header
  const settings = { arms, seed, divergence, generation, signal }
  const resources = resourcesOf(options, header)
  for (const [index, batch] of batches.entries()) {
    const before = sizes.slice(0, index).reduce((sum, size) => sum + size, 0)
    if (before < resumed) continue
    refuseCancelled(signal)
    const onEdit = progress.edit
    const found = await evaluateBatch(model, batch, { ...settings, resources, onEdit })
    file.append(found.records, found.timings)
    records.push(...found.records)
    progress.batch()
  }
  file.finish(await makeEnd(model, header, records))
  return { header, records, resumed }
}

const cutCases = (
  cases: readonly EvaluationCase[],
  size: number,
): readonly (readonly EvaluationCase[])[] =>
  Array.from({ length: Math.ceil(cases.length / size) }, (_, index) =>
    cases.slice(index * size, (index + 1) * size),
  )

async function makeHeader(
  model: LoadedModel,
  options: RunEvaluationOptions,
): Promise<HeaderRecord> {
  const { cases, dataset, protocol, seed = 0, signal } = options
  const arms = completeArms(model, options.arms)
  const sample = (style: ContextStyle) => makeContextTemplates(model, style, { seed, signal })
  return {
    kind: 'header',
    format: 'imprint-evaluation',
    version: 1,
    model: describeEvaluatedModel(model, await digestWeights(model)),
    dataset: { ...dataset, cases: cases.length, casesDigest: digestIds(cases) },
    protocol,
    arms,
    seed,
    casesPerBatch: options.casesPerBatch ?? CASES_PER_BATCH,
    divergence: options.divergence ?? true,
    generation: options.generation ?? null,
    contexts: await contextsFor(arms, sample),
    engineVersion,
    runtimeVersion,
  }
}

function resourcesOf({ resources }: RunEvaluationOptions, { contexts }: HeaderRecord) {
  if (contexts === null) return resources ?? {}
  const contextTemplates = (style: ContextStyle) => Promise.resolve(contexts[style] ?? [])
  return { ...resources, contextTemplates }
}

async function makeEnd(
  model: LoadedModel,
  { model: { weightsDigest: before } }: HeaderRecord,
  records: readonly ResultRecord[],
): Promise<EndRecord> {
  const weightsDigest = await digestWeights(model)
  if (weightsDigest !== before) throw changedWeights(before, weightsDigest)
  const rows = records.filter(({ kind }) => kind === 'row').length
  return { kind: 'end', rows, failures: records.length - rows, weightsDigest }
}

const digestIds = (cases: readonly EvaluationCase[]): string =>
  createHash('sha256')
    .update(cases.map(({ id }) => `${id}\n`).join(''))
    .digest('hex')

function progressReporter(
  total: number,
  records: readonly ResultRecord[],
  report: (progress: EvaluationProgress) => void = () => undefined,
) {
  const started = performance.now()
  const earlier = records.length
  let done = earlier
  const tell = (): void => {
    const each = done > earlier ? (performance.now() - started) / (done - earlier) : null
    const secondsLeft = each === null ? null : ((total - done) * each) / 1000
    const failures = records.filter(({ kind }) => kind === 'failure').length
    report({ done, total, failures, secondsLeft })
  }
  return {
    edit: (): void => {
      done = Math.min(total, done + 1)
      tell()
    },
    /** Counts cases of the batch that could not be prepared, too. */
    batch: (): void => {
      done = records.length
      tell()
    },
  }
}

function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  throw new LensEngineError('RUN_CANCELLED', 'the evaluation was cancelled', {
    cure: 'Give the same command again; it goes on where it stopped.',
  })
}

function checkOptions({ arms, cases, casesPerBatch = CASES_PER_BATCH }: RunEvaluationOptions) {
  checkArms(arms)
  if (cases.length === 0) throw badOptions('there is no case', 'Choose at least one.', {})
  if (Number.isSafeInteger(casesPerBatch) && casesPerBatch >= 1 && casesPerBatch <= 1000) return
  const message = `a batch of ${casesPerBatch} cases`
  throw badOptions(message, 'Use a whole number from 1 to 1000.', { casesPerBatch })
}

const badOptions = (
  message: string,
  cure: string,
  details: Readonly<Record<string, string | number>>,
): LensEngineError => new LensEngineError('BAD_ARGUMENT', message, { details, cure })
