// A recorded PyTorch reference (packages/lens-engine/goldens) -> its cases and tensors.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { MatrixName } from '../architectures/hook-points.js'
import type { LensKind, TargetMode } from '../lens/lens-result.js'

export interface GoldenGradientRank {
  readonly layer: number
  readonly matrix: MatrixName
  /** -2 where float32 and float64 disagree. */
  readonly rank: number
  readonly largestSingularValue: number
  readonly tolerance: number
}

export interface GoldenCase {
  readonly name: string
  readonly mode: TargetMode
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  readonly rankedTarget: number
  readonly loss: number
  readonly answer: number
  readonly next: {
    readonly ids: readonly number[]
    readonly logits: readonly number[]
    readonly probabilities: readonly number[]
  }
  readonly gradientRank: readonly GoldenGradientRank[]
}

export interface GoldenTensor {
  readonly shape: readonly number[]
  readonly values: Float64Array
}

export interface Golden {
  readonly name: string
  /** Where config.json and model.safetensors lie. */
  readonly directory: string
  readonly cases: readonly GoldenCase[]
  /** A tensor of the reference, such as `prompt7.layers.0.mlp.up.vjp`. */
  tensor(name: string): GoldenTensor
}

/** Ids and ranks that PyTorch's float32 and float64 runs do not agree on. */
export const NOT_COMPARED = -2

export const goldenLenses: readonly LensKind[] = ['raw', 'final-norm', 'normalized']

/** Rows of the packed projections of a golden: six matrices, then the hidden state. */
export const goldenRows: readonly (MatrixName | 'hidden')[] = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.up',
  'mlp.down',
  'hidden',
]

/** `goldens` holds GPT-2 with everything the lens shows, `goldens-families` the other families' factors and ends. */
export type GoldenSet = 'goldens' | 'goldens-families'

const directoryOf = (set: GoldenSet): string =>
  fileURLToPath(new URL(`../../${set}/`, import.meta.url))

/** Every recorded golden of a set, by name. */
export function readGoldens(set: GoldenSet = 'goldens'): readonly Golden[] {
  return readdirSync(directoryOf(set), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readGolden(entry.name, set))
}

export function readGolden(name: string, set: GoldenSet = 'goldens'): Golden {
  const directory = join(directoryOf(set), name)
  const reference = JSON.parse(readFileSync(join(directory, 'reference.json'), 'utf8')) as {
    readonly cases: readonly GoldenCase[]
  }
  return {
    name,
    directory,
    cases: reference.cases,
    tensor: openTensors(join(directory, 'reference.safetensors')),
  }
}

interface HeaderRow {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

const elementReaders: Readonly<Record<string, (bytes: ArrayBuffer) => ArrayLike<number>>> = {
  F32: (bytes) => new Float32Array(bytes),
  F64: (bytes) => new Float64Array(bytes),
  I16: (bytes) => new Int16Array(bytes),
  U8: (bytes) => new Uint8Array(bytes),
}

/** Tensors of a recorded file. It is our own, so its header is trusted; models are read by the weights room. */
export function openTensors(path: string): (name: string) => GoldenTensor {
  const file = readFileSync(path)
  const headerEnd = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, headerEnd)) as Record<string, HeaderRow>
  return (name) => {
    const row = header[name]
    const read = row === undefined ? undefined : elementReaders[row.dtype]
    if (row === undefined || read === undefined)
      throw new RangeError(`no readable tensor "${name}"`)
    const [start, end] = row.data_offsets
    const bytes = Uint8Array.from(file.subarray(headerEnd + start, headerEnd + end))
    return { shape: row.shape, values: Float64Array.from(read(bytes.buffer)) }
  }
}
