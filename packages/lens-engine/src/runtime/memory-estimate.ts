// Peak memory of a run, predicted from config.json, the headers of the weights and the size of the request alone.
// What each number stands for, and how far it was from measured peaks, is in docs/memory.md.
import type { ModelShape } from '../architectures/architecture.js'
import { LensEngineError } from '../errors.js'
import type { WeightSizesSource } from '../weights/weight-source.js'
import { availableMemory } from './available-memory.js'

export { availableMemory } from './available-memory.js'

/** Bytes, all of them. */
export interface MemoryEstimate {
  /** Pages of the weight files that are mapped, as they are stored, each counted once. */
  readonly weights: number
  /** Half-precision parameters that are alive in float32 at the same time. */
  readonly widened: number
  /** Activations, gradients, factors and one tile of vocabulary logits. */
  readonly activations: number
  /** What is answered, while it is copied on its way out. */
  readonly results: number
  /** The forward passes of the gradient check and their edits. */
  readonly check: number
  /** Node and the runtime themselves. */
  readonly base: number
  /** The most that is held at once. */
  readonly total: number
}

/** The ways to run a model, from the fastest to the most frugal. */
export interface MemoryNeeds extends MemoryEstimate {
  /** The whole graph, its session closed before the gradient check opens another. */
  readonly frugal: MemoryEstimate
  /** Block by block. */
  readonly streaming: MemoryEstimate
}

/** Sizes of parameters in bytes, as the headers tell. */
export interface WeightSizes {
  readonly stored: number
  /** The largest block as it is stored. */
  readonly block: number
  /** The largest tensor outside of blocks, which is the decoder or as large. */
  readonly decoder: number
  /** The largest tensor of a block, and the decoder, in float32; 0 where the files hold float32 already. */
  readonly widenedMatrix: number
  readonly widenedDecoder: number
}

/** How much a run computes and shows. */
export interface RunSize {
  /** Prompts of a batch, and positions of the longest. */
  readonly batch: number
  readonly positions: number
  /** Kinds of matrix. */
  readonly kinds: number
  readonly hiddenStates: boolean
  readonly gradientRank: boolean
  readonly gradientCheck: boolean
  readonly vectors: boolean
}

const MOST_KINDS = 7

/** One prompt with everything a page shows of it. */
export const typicalRun = (positions: number): RunSize => ({
  batch: 1,
  positions,
  kinds: MOST_KINDS,
  hiddenStates: true,
  gradientRank: true,
  gradientCheck: true,
  vectors: false,
})

const BASE_BYTES = 130 * 2 ** 20
/** Values of a block that are alive at the end of its backward pass, in units of one row. */
const LENS_WIDTHS = 17
const LENS_INNERS = 7
/** The same of a forward pass alone, which holds one block at a time. */
const FORWARD_WIDTHS = 24
const FORWARD_INNERS = 14
/** Copies of a block's attention weights [heads, positions, positions] that are alive at once. */
const ATTENTION_COPIES = 2
/** Rows of a block that are projected, and the copies of them on their way into the projection. */
const PROJECTED_GROUPS = 4
const PROJECTED_COPIES = 2
/** Copies of a tile of logits that are alive at once. */
const LOGIT_COPIES = 1.25
/** Gram matrices of a block, each a pair of float32 wide, and their copies outside the runtime. */
const GRAM_VALUES = 10
const GRAM_COPIES = 2
/** Inputs and VJPs of all matrices of a block, in units of width and of inner width. */
const FACTOR_WIDTHS = 11
const FACTOR_INNERS = 3
/** Copies of X and Delta on their way out: the runtime's, the result's, and the message to another process. */
const VECTOR_COPIES = 3
/** Rows the gradient check measures at once, and losses it takes of each kind of matrix, at most. */
const CHECK_ROWS = 512
const CHECK_LOSSES = 4
/** Parameters of a block, in units of width^2 and width x inner width, at most (a gated MLP with whole attention). */
const BLOCK_SQUARES = 4
const BLOCK_INNER = 3

/** Rows of one vocabulary tile: about 64 MB of logits, at least 16 rows. */
export function tileRowLimit(vocabularySize: number): number {
  return Math.max(16, Math.min(1024, Math.floor((64 * 2 ** 20) / (4 * vocabularySize))))
}

/** Rows of a tile whose logits are read together: about 3 MB, which the processor's cache holds. */
export function stripRowLimit(vocabularySize: number): number {
  return Math.max(4, Math.min(1024, Math.floor((3 * 2 ** 20) / (4 * vocabularySize))))
}

/** Sizes of the tensors of a model's files. */
export function weightSizes(weights: WeightSizesSource, buffers: RegExp): WeightSizes {
  const blocks = new Map<string, number>()
  const sizes = { decoder: 0, widenedMatrix: 0, widenedDecoder: 0 }
  for (const { name, dtype, shape, length } of weights.tensors()) {
    if (buffers.test(name)) continue
    const layer = /(?:^|\.)(?:h|layers|blocks)\.(\d+)\./.exec(name)?.[1]
    const widened = dtype === 'F32' ? 0 : 4 * shape.reduce((product, size) => product * size, 1)
    if (layer === undefined) {
      sizes.decoder = Math.max(sizes.decoder, length)
      sizes.widenedDecoder = Math.max(sizes.widenedDecoder, widened)
    } else {
      blocks.set(layer, (blocks.get(layer) ?? 0) + length)
      sizes.widenedMatrix = Math.max(sizes.widenedMatrix, widened)
    }
  }
  return { ...sizes, stored: weights.bytes, block: Math.max(0, ...blocks.values()) }
}

/** Sizes of float32 parameters where only their sum is known. */
function floatSizes(
  { width, innerWidth, vocabularySize }: ModelShape,
  stored: number,
): WeightSizes {
  const block = 4 * (BLOCK_SQUARES * width * width + BLOCK_INNER * width * innerWidth)
  return {
    stored,
    block: Math.min(block, stored),
    decoder: 4 * vocabularySize * width,
    widenedMatrix: 0,
    widenedDecoder: 0,
  }
}

/** What a run of a float32 model takes, whole and block by block. @param rows positions of one prompt */
export function estimateMemory(shape: ModelShape, weightBytes: number, rows: number): MemoryNeeds {
  return predictMemory(shape, floatSizes(shape, weightBytes), typicalRun(rows))
}

/** What a run takes, in each way it can run. */
export function predictMemory(shape: ModelShape, sizes: WeightSizes, run: RunSize): MemoryNeeds {
  const widened = sizes.widenedDecoder + 2 * sizes.widenedMatrix
  const results = 4 * resultValues(shape, run)
  const check = run.gradientCheck ? 4 * checkValues(shape, run) : 0
  const whole = { weights: sizes.stored, widened, results, check, base: BASE_BYTES }
  const activations = 4 * lensValues(shape, run, shape.layers)
  const kept = { ...whole, widened: run.gradientCheck ? 2 * widened : widened, activations }
  const one = { ...whole, activations }
  const blocks = {
    ...whole,
    weights: Math.min(sizes.stored, sizes.block + sizes.decoder),
    activations: 4 * (lensValues(shape, run, 1) + run.batch * run.positions * residuals(shape)),
  }
  return { ...allAtOnce(kept), frugal: oneAfterTheOther(one), streaming: oneAfterTheOther(blocks) }
}

const residuals = ({ width, layers }: ModelShape): number => width * (layers + 1)

type Parts = Omit<MemoryEstimate, 'total'>

const allAtOnce = (parts: Parts): MemoryEstimate => ({
  ...parts,
  total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0),
})

/** The lens gives its memory back before the check begins. */
function oneAfterTheOther(parts: Parts): MemoryEstimate {
  const { weights, widened, activations, results, check, base } = parts
  return { ...parts, total: weights + widened + results + base + Math.max(activations, check) }
}

/** Values of the lens over so many blocks at once. */
function lensValues(shape: ModelShape, run: RunSize, layers: number): number {
  const { width, innerWidth, heads, vocabularySize } = shape
  const rows = run.batch * run.positions
  const projected = (PROJECTED_GROUPS + (run.hiddenStates ? 1 : 0)) * layers * rows
  const perRow =
    LENS_WIDTHS * width + LENS_INNERS * innerWidth + ATTENTION_COPIES * heads * run.positions
  const tile = LOGIT_COPIES * vocabularySize * Math.min(projected, tileRowLimit(vocabularySize))
  return layers * rows * perRow + PROJECTED_COPIES * projected * width + tile
}

/** Values that leave the runtime, of all blocks. */
function resultValues({ width, innerWidth, layers }: ModelShape, run: RunSize): number {
  const rows = run.batch * run.positions
  const gram = run.gradientRank ? 2 * GRAM_COPIES * GRAM_VALUES * run.positions : 0
  const vectors = run.vectors
    ? VECTOR_COPIES * (FACTOR_WIDTHS * width + FACTOR_INNERS * innerWidth)
    : 0
  return layers * rows * (gram + vectors)
}

/** Values of the passes of the gradient check: edits of every block, and the activations of one block at a time. */
function checkValues({ width, innerWidth, layers, heads }: ModelShape, run: RunSize): number {
  const atOnce = Math.max(1, Math.floor(CHECK_ROWS / run.positions))
  const elements = Math.min(CHECK_LOSSES * run.kinds, atOnce)
  const edits = layers * elements * (FACTOR_WIDTHS * width + FACTOR_INNERS * innerWidth)
  const attention = ATTENTION_COPIES * heads * run.positions
  const perRow = FORWARD_WIDTHS * width + FORWARD_INNERS * innerWidth + attention
  return edits + elements * run.positions * perRow
}

/** `auto` goes block by block where the whole does not fit. */
export type StreamingChoice = boolean | 'auto'

export interface MemoryPlan {
  /** Whether blocks run one after the other. */
  readonly streaming: boolean
  /** Whether the session of the lens stays open while the gradient check has its own. */
  readonly keepSessions: boolean
  readonly reason: string
  readonly estimate: MemoryEstimate
}

/**
 * How a model can run within the memory there is.
 * @throws MODEL_TOO_LARGE with the bytes needed either way and the bytes available
 */
export function planMemory(
  needs: MemoryNeeds,
  choice: StreamingChoice,
  available = availableMemory(),
): MemoryPlan {
  const asked = choice === 'auto' ? 'auto: ' : 'asked for: '
  // Two sessions map the weights twice. The pages are the same, but those who watch a process count them twice.
  const mapped = needs.total + (needs.check > 0 ? needs.weights : 0)
  const ways: readonly MemoryPlan[] = [
    {
      streaming: false,
      keepSessions: true,
      reason: `${asked}the whole graph fits into memory`,
      estimate: needs,
    },
    {
      streaming: false,
      keepSessions: false,
      reason: `${asked}the whole graph fits into memory with one session at a time`,
      estimate: needs.frugal,
    },
    {
      streaming: true,
      keepSessions: false,
      reason: `${asked}${streamingReason(needs, choice, available)}`,
      estimate: needs.streaming,
    },
  ]
  const plan = ways.find(
    ({ streaming, keepSessions, estimate }) =>
      (choice === 'auto' || streaming === choice) &&
      (keepSessions ? mapped : estimate.total) <= available,
  )
  if (plan === undefined) throw tooLarge(needs, choice, available)
  return plan
}

function streamingReason(needs: MemoryNeeds, choice: StreamingChoice, available: number): string {
  if (choice === true) return 'block by block'
  return `the whole graph needs ${gib(needs.frugal.total)} GiB, block by block ${gib(needs.streaming.total)} GiB, and ${gib(available)} GiB are available`
}

/** @throws MODEL_TOO_LARGE when a model fits neither whole nor block by block */
export function checkMemory(needs: MemoryNeeds, available = availableMemory()): void {
  planMemory(needs, 'auto', available)
}

function tooLarge(needs: MemoryNeeds, choice: StreamingChoice, available: number): LensEngineError {
  const { frugal, streaming } = needs
  const cures = [
    ...(choice === false && streaming.total <= available
      ? ['run it block by block (streaming)']
      : []),
    'shorten the prompt',
    'ask for fewer outputs',
    'close other programs',
    'choose a smaller model or a larger machine',
  ].join(', ')
  return new LensEngineError(
    'MODEL_TOO_LARGE',
    `the run needs about ${gib(frugal.total)} GiB of memory at once or ${gib(streaming.total)} GiB block by block, and ${gib(available)} GiB are available`,
    {
      details: {
        needed: choice === false ? frugal.total : streaming.total,
        neededWhole: frugal.total,
        neededStreaming: streaming.total,
        available,
        weights: needs.weights,
      },
      cure: `${cures.charAt(0).toUpperCase()}${cures.slice(1)}.`,
    },
  )
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(2)
