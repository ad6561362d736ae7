// What an edit adds to one weight matrix, as factors or as a dense matrix, always for y = x W with W [in, out].
import type { MatrixAddress } from '../architectures/hook-points.js'
import { LensEngineError } from '../errors.js'
import { editInputName } from '../runtime/forward-context.js'

interface DeltaPlace {
  readonly address: MatrixAddress
  readonly inputWidth: number
  readonly outputWidth: number
  /** What is added to y besides, [out]; null when the bias is left alone. */
  readonly bias: Float32Array | null
}

/** W + U V */
export interface LowRankDelta extends DeltaPlace {
  readonly kind: 'low-rank'
  readonly rank: number
  /** U [in, rank], row by row */
  readonly u: Float32Array
  /** V [rank, out], row by row */
  readonly v: Float32Array
}

/** W + values */
export interface DenseDelta extends DeltaPlace {
  readonly kind: 'dense'
  /** [in, out], row by row */
  readonly values: Float32Array
}

export type MatrixDelta = LowRankDelta | DenseDelta

/** One text for each address, such as `layers.3.mlp.down`. */
export const addressKey = editInputName

export interface LowRankParts {
  readonly address: MatrixAddress
  readonly rank: number
  readonly u: Float32Array
  readonly v: Float32Array
  readonly bias?: Float32Array | null
}

/**
 * W + U V from its factors; the widths follow from their lengths.
 * @throws BAD_ARGUMENT when the lengths do not fit the rank; NOT_FINITE for NaN or infinity
 */
export function lowRankDelta({ address, rank, u, v, bias = null }: LowRankParts): LowRankDelta {
  const delta: LowRankDelta = {
    kind: 'low-rank',
    address,
    rank,
    inputWidth: u.length / rank,
    outputWidth: v.length / rank,
    u,
    v,
    bias,
  }
  checkDelta(delta)
  return delta
}

/** x^T y as a delta of rank 1. @throws as `lowRankDelta` */
export const outerProduct = (
  address: MatrixAddress,
  u: Float32Array,
  v: Float32Array,
): LowRankDelta => lowRankDelta({ address, rank: 1, u, v })

export interface DenseParts {
  readonly address: MatrixAddress
  readonly inputWidth: number
  readonly values: Float32Array
  readonly bias?: Float32Array | null
}

/** @throws BAD_ARGUMENT when the lengths do not fit the width; NOT_FINITE for NaN or infinity */
export function denseDelta({ address, inputWidth, values, bias = null }: DenseParts): DenseDelta {
  const outputWidth = values.length / inputWidth
  const delta: DenseDelta = { kind: 'dense', address, inputWidth, outputWidth, values, bias }
  checkDelta(delta)
  return delta
}

/** @throws BAD_ARGUMENT for sizes that contradict each other; NOT_FINITE for NaN or infinity */
export function checkDelta(delta: MatrixDelta): void {
  const { inputWidth, outputWidth, bias } = delta
  const sizes = [inputWidth, outputWidth, delta.kind === 'low-rank' ? delta.rank : 1]
  const fits =
    sizes.every((size) => Number.isSafeInteger(size) && size > 0) &&
    (delta.kind === 'low-rank'
      ? delta.u.length === inputWidth * delta.rank && delta.v.length === delta.rank * outputWidth
      : delta.values.length === inputWidth * outputWidth) &&
    (bias === null || bias.length === outputWidth)
  const name = addressKey(delta.address)
  if (!fits) {
    throw new LensEngineError('BAD_ARGUMENT', `the delta of ${name} has sizes that do not fit`, {
      details: { matrix: name, inputWidth, outputWidth },
      cure: 'Give U [in, rank], V [rank, out], a dense matrix [in, out] and a bias [out].',
    })
  }
  const parts = delta.kind === 'low-rank' ? [delta.u, delta.v] : [delta.values]
  if ([...parts, ...(bias === null ? [] : [bias])].every(isFinite32)) return
  throw new LensEngineError('NOT_FINITE', `the delta of ${name} holds NaN or infinity`, {
    details: { matrix: name },
    cure: 'Use a smaller learning rate or another layer.',
  })
}

const isFinite32 = (values: Float32Array): boolean => values.every(Number.isFinite)

/** Frobenius norm of the change of W, in float64; of factors without forming the product. */
export function deltaNorm(delta: MatrixDelta): number {
  if (delta.kind === 'dense') return Math.sqrt(sumOfSquares(delta.values))
  const { rank, u, v, inputWidth, outputWidth } = delta
  let total = 0
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) {
      let left = 0
      for (let row = 0; row < inputWidth; row++) {
        left += (u[row * rank + a] as number) * (u[row * rank + b] as number)
      }
      let right = 0
      for (let column = 0; column < outputWidth; column++) {
        right += (v[a * outputWidth + column] as number) * (v[b * outputWidth + column] as number)
      }
      total += (a === b ? 1 : 2) * left * right
    }
  }
  return Math.sqrt(Math.max(0, total))
}

export function sumOfSquares(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

/** The change of W as a matrix [in, out]. */
export function denseValues(delta: MatrixDelta): Float32Array {
  if (delta.kind === 'dense') return delta.values
  const { rank, u, v, inputWidth, outputWidth } = delta
  const values = new Float32Array(inputWidth * outputWidth)
  const row = new Float64Array(outputWidth)
  for (let input = 0; input < inputWidth; input++) {
    row.fill(0)
    for (let k = 0; k < rank; k++) {
      const factor = u[input * rank + k] as number
      if (factor === 0) continue
      for (let out = 0; out < outputWidth; out++) {
        row[out] = (row[out] as number) + factor * (v[k * outputWidth + out] as number)
      }
    }
    values.set(row, input * outputWidth)
  }
  return values
}

/** The delta times a number. */
export function scaledDelta(delta: MatrixDelta, factor: number): MatrixDelta {
  const times = (values: Float32Array): Float32Array => values.map((value) => value * factor)
  const bias = delta.bias === null ? null : times(delta.bias)
  return delta.kind === 'dense'
    ? { ...delta, values: times(delta.values), bias }
    : { ...delta, v: times(delta.v), bias }
}
