// What can be asked about the neurons of a layer, step by step, as plain data that crosses to the engine's process and back.
import { engineVersion } from '../engine-version.js'
import { runtimeVersion } from '../runtime/ort.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { ProviderChoice } from '../runtime/provider.js'
import { findNearNeurons, type NearNeurons } from './near-neurons.js'
import type { NeuronActivity } from './neuron-activity.js'
import { readNeuronWords, type NeuronRange, type NeuronWords } from './neuron-words.js'
import { readActivity, type SurveyCase } from './read-activity.js'

export type SurveyStep =
  | ({ readonly kind: 'words' } & NeuronRange)
  | { readonly kind: 'nearest' }
  /** Reads the task's cases on top of what cases before showed. */
  | { readonly kind: 'activity'; readonly before: NeuronActivity | null }

export interface SurveyNeuronsTask {
  readonly kind: 'survey-neurons'
  /** Name or directory. */
  readonly model: string
  readonly provider?: ProviderChoice
  /** Threads of one operator; the machine's cores when absent. */
  readonly threads?: number
  readonly layer: number
  readonly step: SurveyStep
  /** Of the step `activity`; empty in others. */
  readonly cases: readonly SurveyCase[]
}

/** What is needed to compute the same again. */
export interface NeuronsReceipt {
  readonly engineVersion: string
  readonly runtimeVersion: string
  readonly weightsDigest: string
  readonly tokenizerDigest: string | null
  readonly configDigest: string
  readonly provider: string
  readonly device: string
  readonly dtype: string
  readonly threads: number
  /** Words are the logits D ln_f(v / |v|). */
  readonly lens: 'normalized'
}

/** Only what the step is about is there. */
export interface SurveyedNeurons {
  readonly words: NeuronWords | null
  readonly nearest: NearNeurons | null
  readonly activity: NeuronActivity | null
  readonly receipt: NeuronsReceipt
}

interface TaskOptions {
  readonly onProgress?: (progress: {
    readonly stage: string
    readonly done: number
    readonly total: number
  }) => void
}

/** @throws what the step's own function throws */
export async function surveyNeurons(
  model: LoadedModel,
  { layer, step, cases }: SurveyNeuronsTask,
  { onProgress = () => undefined }: TaskOptions = {},
): Promise<SurveyedNeurons> {
  const tell = (stage: string, total: number) => (done: number) =>
    onProgress({ stage, done, total })
  const nothing = { words: null, nearest: null, activity: null, receipt: receiptOf(model) }
  switch (step.kind) {
    case 'words':
      return { ...nothing, words: await readNeuronWords(model, layer, step) }
    case 'nearest': {
      const onLayer = (done: number, total: number) => tell('comparing neurons', total)(done)
      return { ...nothing, nearest: await findNearNeurons(model, layer, { onLayer }) }
    }
    case 'activity': {
      const onPrompt = tell('reading runs', cases.length)
      const options = { before: step.before, onPrompt }
      return { ...nothing, activity: await readActivity(model, layer, cases, options) }
    }
  }
}

const receiptOf = ({
  files,
  tokenizer,
  provider,
  dtype,
  threads,
}: LoadedModel): NeuronsReceipt => ({
  ...{ engineVersion, runtimeVersion, dtype, threads, lens: 'normalized' },
  weightsDigest: files.weightsDigest,
  configDigest: files.configDigest,
  tokenizerDigest: tokenizer?.digest ?? null,
  provider: provider.provider,
  device: provider.device,
})
