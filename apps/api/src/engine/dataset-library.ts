// The engine's data set formats as the API uses them: a file -> cases one by one, what a case offers, and a case as our own record.
import { datasetFormatNames, datasetFormats, readDataset } from '@imprint/lens-engine'
import type { DatasetFormat, DatasetReader, EvaluationCase } from '@imprint/lens-engine'
import type { ProtocolName } from './protocol-library.js'

export { datasetFormatNames, isPrivateAddress } from '@imprint/lens-engine'
export type { DatasetFormat, DatasetReader, EvaluationCase }

export const isDatasetFormat = (name: string): name is DatasetFormat =>
  (datasetFormatNames as readonly string[]).includes(name)

export const datasetFormatTitle = (name: string): string =>
  isDatasetFormat(name) ? datasetFormats[name].title : name

export interface OpenDatasetOptions {
  readonly path: string
  /** What errors call the file; the last part of the path otherwise. */
  readonly name?: string | undefined
  /** Null: by the first record. */
  readonly format: DatasetFormat | null
  readonly onBytes?: (bytes: number) => void
}

/** @throws (while reading) LensEngineError DATASET_INVALID, FILE_UNREADABLE */
export function openDataset({ path, name, format, onBytes }: OpenDatasetOptions): DatasetReader {
  return readDataset({
    ...{ path, format: format ?? 'auto' },
    ...(name !== undefined && { name }),
    ...(onBytes && { onBytes }),
  })
}

/** How many cases have each thing that a protocol may ask for. */
export interface CaseFeatures {
  paraphrases: number
  neighbors: number
  generationPrompts: number
  trueAnswers: number
  newTargets: number
  portability: number
}

export const noFeatures = (): CaseFeatures => ({
  paraphrases: 0,
  neighbors: 0,
  generationPrompts: 0,
  trueAnswers: 0,
  newTargets: 0,
  portability: 0,
})

/** Adds one case to the counts. */
export function countFeatures(counts: CaseFeatures, one: EvaluationCase): void {
  if (one.paraphrases.length > 0) counts.paraphrases += 1
  if (one.neighbors.length > 0) counts.neighbors += 1
  if (one.generationPrompts.length > 0) counts.generationPrompts += 1
  if (one.request.targetTrue !== null) counts.trueAnswers += 1
  if (one.request.targetNew !== null) counts.newTargets += 1
}

const comparing = ['newTargets', 'trueAnswers', 'paraphrases', 'neighbors'] as const
const teaching = ['newTargets', 'paraphrases', 'neighbors'] as const

/** What a data set needs some of, for its table under a protocol to have every column the protocol is about. */
const needs: Readonly<Record<ProtocolName, readonly (keyof CaseFeatures)[]>> = {
  counterfact: [...comparing, 'generationPrompts'],
  'counterfact-reduced': comparing,
  'backward-lens': teaching,
  easyedit: teaching,
  zsre: teaching,
}

/** The protocols that can score a data set, in the engine's order. */
export function protocolsFor(features: CaseFeatures): ProtocolName[] {
  const names = Object.keys(needs) as ProtocolName[]
  return names.filter((name) => needs[name].every((feature) => features[feature] > 0))
}

/** A case as a line of Imprint's own JSON lines, which `readDataset` reads back to the same case. */
export function toImprintRecord(one: EvaluationCase): object {
  const { id, request, relation, paraphrases, neighbors, generationPrompts, attributes } = one
  return {
    id,
    ...(relation.source === 'record' && { relation: relation.id }),
    subject: request.subject,
    prompt: request.prompt,
    ...(request.targetNew !== null && { target_new: request.targetNew }),
    ...(request.targetTrue !== null && { target_true: request.targetTrue }),
    ...(paraphrases.length > 0 && { paraphrases }),
    ...(neighbors.length > 0 && { neighbors }),
    ...(generationPrompts.length > 0 && { generation_prompts: generationPrompts }),
    ...(attributes !== undefined && attributes.length > 0 && { attributes }),
  }
}
