// What an evaluation was made with -> sentences for the appendix of a paper: everything that is needed to repeat it.
import type { HyperparameterValue } from '../edits/hyperparameters.js'
import { findEditMethod } from '../edits/registry.js'
import type { EvaluationArm, HeaderRecord } from './evaluation-record.js'
import { protocolMetrics } from './metrics/row-metrics.js'
import { protocols, type ProtocolDefinition } from './metrics/protocols.js'

type DescribedModel = Pick<HeaderRecord['model'], 'name' | 'weightsDigest'> &
  Partial<HeaderRecord['model']>

/** An arm, with its model and what it read where the evaluation has several models. */
export interface DescribedArm extends EvaluationArm {
  readonly model?: DescribedModel
  /** Digests of key covariances, by matrix. */
  readonly covariances?: Readonly<Record<string, string>>
}

/** A header of a results file is one. */
export interface DescribedEvaluation extends Pick<
  HeaderRecord,
  'protocol' | 'seed' | 'casesPerBatch' | 'divergence' | 'generation'
> {
  readonly dataset: Pick<HeaderRecord['dataset'], 'file' | 'digest' | 'cases' | 'known'>
  readonly arms: readonly DescribedArm[]
  /** Of every arm that names none. */
  readonly model?: DescribedModel
  readonly contexts?: HeaderRecord['contexts']
  readonly engineVersion?: string
  readonly runtimeVersion?: string
  /** Resamples of the bootstrap; 10,000 when absent. */
  readonly resamples?: number
}

/** Plain paragraphs, divided by empty lines. */
export function describeMethods(evaluation: DescribedEvaluation): string {
  const { arms } = evaluation
  return [
    casesText(evaluation),
    protocolText(evaluation),
    modelsText(evaluation),
    `Methods. ${arms.map(armText).join(' ')}`,
    ...contextsText(evaluation),
    statisticsText(evaluation),
  ].join('\n\n')
}

const short = (digest: string): string => digest.slice(0, 16)

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

function casesText({ dataset, seed, arms, casesPerBatch }: DescribedEvaluation): string {
  const { file, digest, cases, known } = dataset
  const kept =
    known === undefined
      ? ''
      : ` Only cases whose whole true answer the unedited model gives were used: ${known.known} of ${known.tested} that were asked.`
  return `Cases. ${counted(arms.length, 'arm')} on ${counted(cases, 'case')} of ${file} (sha256 ${short(digest)}), seed ${seed}.${kept} Each case is a single edit of the unedited model and is taken back afterwards; ${casesPerBatch} cases share a batch.`
}

function protocolText({ protocol, generation, divergence }: DescribedEvaluation): string {
  const { title, description, score }: ProtocolDefinition = protocols[protocol]
  const metrics = protocolMetrics(protocol).map((one) => {
    const unit = one.unit === '' ? '' : `, ${one.unit}`
    return `${one.name} (${one.label}${unit}): ${one.description}`
  })
  const combined =
    score === null
      ? []
      : [`${score.metric} is the harmonic mean of the means of ${score.of.join(', ')}.`]
  const texts =
    generation === null
      ? 'No texts were generated.'
      : `Texts have ${generation.length} tokens with their prompt, each drawn from the ${generation.topK} most probable.`
  const kl = divergence ? [] : ['The divergence from the unedited model was not computed.']
  return [`Protocol. ${title}. ${description}`, ...metrics, ...combined, texts, ...kl].join(' ')
}

function modelsText({ model, arms, engineVersion, runtimeVersion }: DescribedEvaluation): string {
  const all = [model, ...arms.map((arm) => arm.model)].filter((one) => one !== undefined)
  const different = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
  const versions =
    engineVersion === undefined
      ? ''
      : ` Computed by Imprint's engine ${engineVersion} with ONNX Runtime ${runtimeVersion ?? 'of an unknown version'}.`
  return `Models. ${different.map(modelText).join(' ')}${versions}`
}

function modelText(model: DescribedModel): string {
  const { name, weightsDigest, tokenizerDigest, dtype, provider, threads } = model
  const parts = [
    `weights sha256 ${short(weightsDigest)}`,
    ...(typeof tokenizerDigest === 'string' ? [`tokenizer ${short(tokenizerDigest)}`] : []),
    ...(dtype === undefined ? [] : [`${dtype} weights`]),
    ...(provider === undefined ? [] : [`on ${provider}`]),
    ...(threads === undefined ? [] : [counted(threads, 'thread')]),
  ]
  return `${name}: ${parts.join(', ')}.`
}

function armText({ name, method, hyperparameters, defaults, model, covariances }: DescribedArm) {
  const { title, source } = findEditMethod(method)
  const values = Object.entries(hyperparameters).map(([key, value]) => `${key} ${shown(value)}`)
  const where = model === undefined ? '' : ` on ${model.name}`
  const read = Object.entries(covariances ?? {}).map(([at, digest]) => `${at} ${short(digest)}`)
  const statistics = read.length === 0 ? '' : ` Key covariances: ${read.join(', ')}.`
  const settings = values.length === 0 ? 'no settings' : values.join(', ')
  return `${name}${where}: ${title} (${withoutStop(source)}) with ${settings}; what was not given is ${withoutStop(defaults)}.${statistics}`
}

const shown = (value: HyperparameterValue): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : String(value ?? 'none')

const withoutStop = (text: string): string => text.replace(/\.$/, '')

function contextsText({ contexts, seed }: DescribedEvaluation): readonly string[] {
  if (contexts === undefined || contexts === null) return []
  const styles = Object.entries(contexts).map(([style, texts]) => `${texts.length} for ${style}`)
  return [
    `Contexts. Texts before the prompt were sampled once from the model with seed ${seed}: ${styles.join(', ')}, the bare prompt included.`,
  ]
}

const statisticsText = ({ seed, resamples = 10_000 }: DescribedEvaluation): string =>
  `Statistics. Means over cases with 95% intervals by the bias-corrected and accelerated bootstrap (${resamples} resamples of cases, seed ${seed}). Differences of two arms are taken on the cases both have, under the same resamples; p-values are from the exact McNemar test where a case is one success or failure, else from the bootstrap, and are corrected by Holm over all pairs of arms of a metric. Cases that failed are missing, never zero.`
