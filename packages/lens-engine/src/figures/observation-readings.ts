// Where the figures find their numbers in an observation.
import type { MatrixName } from '../architectures/hook-points.js'
import type { Reading } from './figure-estimates.js'
import type { ObservedMatrix, PromptObservation, StepMethod } from './prompt-observation.js'
import { promptSegments, type PromptSegment } from './prompt-segments.js'

type TableName = 'inputNorm' | 'vjpNorm' | 'targetRank' | 'answerRank'

const matrixOf = (one: PromptObservation, matrix: MatrixName): ObservedMatrix | undefined =>
  one.matrices.find((observed) => observed.matrix === matrix)

/** A number of a matrix by layer and part of the prompt. */
export const readTable =
  (matrix: MatrixName, table: TableName, segment: PromptSegment) =>
  (layer: number): Reading =>
  (one) =>
    matrixOf(one, matrix)?.[table]?.[
      layer * promptSegments.length + promptSegments.indexOf(segment)
    ] ?? null

export const readGradientRank =
  (matrix: MatrixName) =>
  (layer: number): Reading =>
  (one) =>
    matrixOf(one, matrix)?.gradientRank[layer] ?? null

/** Cosine of two layers' VJPs, `first` < `second`. */
export const readCosine =
  (first: number, second: number): Reading =>
  ({ layers, vjpCosine }) =>
    vjpCosine[(first * (2 * layers - first - 1)) / 2 + second - first - 1] ?? null

/** null also for prompts whose target needs no step. */
export const readStep =
  (method: StepMethod) =>
  (layer: number): Reading =>
  ({ smallestStep }) =>
    smallestStep === null || smallestStep.known
      ? null
      : (smallestStep.methods.find((one) => one.method === method)?.byLayer[layer] ?? null)

/** The reading, of the prompts that fulfil a condition. */
export const where =
  (condition: (one: PromptObservation) => boolean, reading: Reading): Reading =>
  (one) =>
    condition(one) ? reading(one) : null

/** The reading times a number that may depend on the prompt. */
export const scaled =
  (reading: Reading, factor: (one: PromptObservation) => number): Reading =>
  (one) => {
    const value = reading(one)
    return value === null ? null : value * factor(one)
  }

/** Parts of the prompt that some observation has. */
export function segmentsOf(observations: readonly PromptObservation[]): readonly PromptSegment[] {
  return promptSegments.filter((_, place) =>
    observations.some(({ segmentLengths }) => (segmentLengths[place] as number) > 0),
  )
}

export const matricesOf = (observations: readonly PromptObservation[]): readonly MatrixName[] =>
  observations[0]?.matrices.map(({ matrix }) => matrix) ?? []

export const layersOf = (observations: readonly PromptObservation[]): number =>
  observations[0]?.layers ?? 0

/** [0, 1, ..., count - 1] */
export const upTo = (count: number): readonly number[] => [...Array(count).keys()]
