// Seeded observations of made-up prompts, for tests of figures that need no model.
import type { MatrixName } from '../architectures/hook-points.js'
import type { ObservedMatrix, PromptObservation } from '../figures/prompt-observation.js'
import { promptSegments } from '../figures/prompt-segments.js'
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'

export interface SampleOptions {
  readonly prompts: number
  readonly layers?: number
  readonly vocabularySize?: number
  readonly seed?: number | string
  readonly smallestStep?: boolean
}

const matrices: readonly MatrixName[] = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.up',
  'mlp.down',
]

export function sampleObservations(options: SampleOptions): PromptObservation[] {
  const random = createRandom(options.seed ?? 0)
  return Array.from({ length: options.prompts }, (_, index) =>
    samplePrompt(random.split(String(index)), index, options),
  )
}

function samplePrompt(
  random: SeededRandom,
  index: number,
  { layers = 4, vocabularySize = 101, smallestStep = false }: SampleOptions,
): PromptObservation {
  const promptLength = 5 + random.nextInteger(4)
  const pairs = (layers * (layers - 1)) / 2
  const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
  const steps = (): (number | null)[] =>
    some(layers, () => (random.nextFloat() < 0.1 ? null : 2 ** random.nextNormal()))
  return {
    caseId: String(index),
    relation: `P${random.nextInteger(3)}`,
    layers,
    vocabularySize,
    promptLength,
    segmentLengths: [1, 1, 0, 1, 1, promptLength - 5, 1],
    target: { id: 3, text: ' <b>', tokens: 1 + random.nextInteger(2), from: 'new' },
    answer: { id: 4, text: ' a', right: random.nextFloat() < 0.5 },
    loss: 1 + random.nextFloat(),
    matrices: matrices.map((matrix) =>
      sampleMatrix(random, matrix, { layers, vocabularySize, promptLength }),
    ),
    vjpCosine: some(pairs, () => 2 * random.nextFloat() - 1),
    projection: {
      tokens: some(promptLength, () => ' tok'),
      least: some(promptLength * layers, () => (random.nextFloat() < 0.2 ? null : ' & "x"')),
      norms: some(promptLength * layers, () => random.nextFloat()),
    },
    smallestStep: smallestStep
      ? {
          known: random.nextFloat() < 0.1,
          methods: [
            { method: 'forward-shift', byLayer: steps() },
            { method: 'sgd', byLayer: steps() },
          ],
        }
      : null,
  }
}

interface Sizes {
  readonly layers: number
  readonly vocabularySize: number
  readonly promptLength: number
}

function sampleMatrix(
  random: SeededRandom,
  matrix: MatrixName,
  { layers, vocabularySize, promptLength }: Sizes,
): ObservedMatrix {
  const table = (make: () => number | null): (number | null)[] =>
    Array.from({ length: layers * promptSegments.length }, (_, place) =>
      place % promptSegments.length === 2 ? null : make(),
    )
  const ranked = matrix === 'mlp.up' || matrix === 'mlp.down'
  const ranks = (): (number | null)[] =>
    table(() => (random.nextFloat() < 0.1 ? null : random.nextInteger(vocabularySize)))
  return {
    matrix,
    gradientRank: Array.from({ length: layers }, (_, layer) =>
      layer === layers - 1 ? 1 : promptLength - Number(random.nextFloat() < 0.05),
    ),
    inputNorm: table(() => 1 + random.nextFloat()),
    vjpNorm: table(() => random.nextFloat()),
    targetRank: ranked ? ranks() : null,
    answerRank: ranked ? ranks() : null,
  }
}
