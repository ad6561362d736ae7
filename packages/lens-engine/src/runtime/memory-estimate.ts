// Memory a run will need, from config.json and the headers of the weights alone, before anything is loaded.
import fs from 'node:fs'
import os from 'node:os'
import type { ModelShape } from '../architectures/architecture.js'
import { LensEngineError } from '../errors.js'

export interface MemoryEstimate {
  /** Bytes of the parameters as they are stored. */
  readonly weights: number
  /** Bytes of activations, gradients, edit inputs and one tile of vocabulary logits. */
  readonly activations: number
  /** Bytes of Node and the runtime themselves. */
  readonly base: number
  readonly total: number
}

const BASE_BYTES = 150 * 2 ** 20
/** Values of a block that are alive between its forward and its backward pass, in units of one row. */
const WIDTH_ROWS = 24
const INNER_ROWS = 14
/** Copies of a tile of logits that are alive at once. */
const LOGIT_COPIES = 4

/** Rows of one vocabulary tile: about 64 MB of logits, at least 16 rows. */
export function tileRowLimit(vocabularySize: number): number {
  return Math.max(16, Math.min(1024, Math.floor((64 * 2 ** 20) / (4 * vocabularySize))))
}

/** Rows of a tile whose logits are read together: about 3 MB, which the processor's cache holds. */
export function stripRowLimit(vocabularySize: number): number {
  return Math.max(4, Math.min(1024, Math.floor((3 * 2 ** 20) / (4 * vocabularySize))))
}

export function estimateMemory(
  shape: ModelShape,
  weightBytes: number,
  rows: number,
): MemoryEstimate {
  const perRow = 4 * (WIDTH_ROWS * shape.width + INNER_ROWS * shape.innerWidth)
  const tile =
    4 *
    LOGIT_COPIES *
    shape.vocabularySize *
    Math.min(rows * shape.layers * 4, tileRowLimit(shape.vocabularySize))
  const activations = shape.layers * rows * perRow + tile
  return {
    weights: weightBytes,
    activations,
    base: BASE_BYTES,
    total: weightBytes + activations + BASE_BYTES,
  }
}

/** Parameters of a block, in units of width^2 and width x inner width, at most (a gated MLP with whole attention). */
const BLOCK_SQUARES = 4
const BLOCK_INNER = 3

/** What streaming holds at once: one block or the decoder in float32, a layer's activations, every block's residual. */
export function estimateStreaming(shape: ModelShape, rows: number): MemoryEstimate {
  const { width, innerWidth, vocabularySize, layers } = shape
  const block = BLOCK_SQUARES * width * width + BLOCK_INNER * width * innerWidth
  const weights = 4 * (block + vocabularySize * width)
  const one = estimateMemory({ ...shape, layers: 1 }, weights, rows)
  const residuals = 4 * rows * width * (layers + 1)
  const activations = one.activations + residuals
  return { ...one, activations, total: weights + activations + BASE_BYTES }
}

/** Bytes this process may still take: the machine's, or the control group's where it is smaller. */
export function availableMemory(): number {
  const machine = machineAvailable()
  const group = controlGroupAvailable()
  return group === null ? machine : Math.min(machine, group)
}

/** @throws MODEL_TOO_LARGE with the bytes needed and available */
export function checkMemory(estimate: MemoryEstimate, available = availableMemory()): void {
  if (estimate.total <= available) return
  throw new LensEngineError(
    'MODEL_TOO_LARGE',
    `the model needs about ${gib(estimate.total)} GiB of memory and ${gib(available)} GiB are available`,
    {
      details: { needed: estimate.total, available, weights: estimate.weights },
      cure: 'Close other programs, choose a smaller model, run it block by block (streaming), or use a larger machine.',
    },
  )
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(2)

function machineAvailable(): number {
  const match = /MemAvailable:\s+(\d+) kB/.exec(readText('/proc/meminfo') ?? '')
  return match === null ? os.freemem() : Number(match[1]) * 1024
}

function controlGroupAvailable(): number | null {
  const limit =
    readText('/sys/fs/cgroup/memory.max') ?? readText('/sys/fs/cgroup/memory/memory.limit_in_bytes')
  const used =
    readText('/sys/fs/cgroup/memory.current') ??
    readText('/sys/fs/cgroup/memory/memory.usage_in_bytes')
  const bytes = Number(limit)
  if (limit === null || used === null || !Number.isFinite(bytes)) return null
  return Math.max(0, bytes - Number(used))
}

function readText(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
