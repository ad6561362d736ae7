// How large an edit is beside the matrices it changes, and what that usually means.
import type { MatrixAddress } from '../architectures/hook-points.js'
import { addressKey, deltaNorm, type MatrixDelta } from '../edits/matrix-delta.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { readMatrix } from '../runtime/stored-matrix.js'
import { dot, factorsOf, innerProduct, norm, weightedSum } from './factor-algebra.js'

export type WarningLevel = 'fine' | 'large' | 'likely-to-break'

export interface NormGrowth {
  readonly address: MatrixAddress
  /** Frobenius norms of the change and of the matrix. */
  readonly change: number
  readonly matrix: number
  /** change / matrix */
  readonly relative: number
  /** Largest singular value of the change over that of the matrix. */
  readonly spectral: number
  readonly level: WarningLevel
}

export interface WarningThreshold {
  readonly level: WarningLevel
  /** Applies when the spectral ratio is at least this. */
  readonly from: number
  readonly explanation: string
}

/**
 * The change of a rank-1 edit acts along one direction only, so it is compared with the strongest direction of the matrix,
 * not with its Frobenius norm, which grows with the number of directions. The thresholds are those of docs/edits/strength.md:
 * 420 edits of the bundled model by six methods, each scaled from a quarter to sixteen times its size.
 */
export const warningThresholds: readonly WarningThreshold[] = [
  {
    level: 'likely-to-break',
    from: 8,
    explanation:
      'The edit writes more than eight times as strongly as anything in the matrix: of edits that strong on the bundled model, facts of other relations lost one answer in five or more. This is what a disabling edit of ROME looks like.',
  },
  {
    level: 'large',
    from: 1,
    explanation:
      'The edit is stronger than the strongest direction of the matrix itself. Other relations mostly stand (95 % and more on the bundled model up to six times), but neighbors may not, unless the method spares them: look at them before you keep it.',
  },
  {
    level: 'fine',
    from: 0,
    explanation:
      'The edit is weaker than directions the matrix already has; on the bundled model 99 % of the neighbors of such edits kept their answer.',
  },
]

const levelOf = (spectral: number): WarningLevel =>
  warningThresholds.find(({ from }) => spectral >= from)?.level ?? 'likely-to-break'

/** One row for each matrix that a stack of deltas changes. */
export function measureNormGrowth(
  model: LoadedModel,
  deltas: readonly MatrixDelta[],
): readonly NormGrowth[] {
  const groups = new Map<string, MatrixDelta[]>()
  for (const delta of deltas) {
    const key = addressKey(delta.address)
    groups.set(key, [...(groups.get(key) ?? []), delta])
  }
  return [...groups.values()].map((group) => measureMatrix(model, group))
}

function measureMatrix(model: LoadedModel, deltas: readonly MatrixDelta[]): NormGrowth {
  const { address, inputWidth } = deltas[0] as MatrixDelta
  const { weight } = readMatrix(model, address)
  const whole: MatrixDelta = {
    kind: 'dense',
    address,
    inputWidth,
    outputWidth: weight.length / inputWidth,
    values: weight,
    bias: null,
  }
  const change = Math.sqrt(
    deltas.reduce((sum, a) => deltas.reduce((part, b) => part + innerProduct(a, b), sum), 0),
  )
  const matrix = deltaNorm(whole)
  const spectral = spectralNorm(deltas) / spectralNorm([whole])
  return { address, change, matrix, relative: change / matrix, spectral, level: levelOf(spectral) }
}

const POWER_STEPS = 40

/** Largest singular value of a sum of deltas, by power iteration through the factors. */
function spectralNorm(deltas: readonly MatrixDelta[]): number {
  const parts = deltas.flatMap((delta) => {
    const { inputs, outputs } = factorsOf(delta, 4)
    return inputs.map((u, k) => ({ u, v: outputs[k] as Float64Array }))
  })
  const first = parts[0]
  if (first === undefined) return 0
  let direction: Float64Array = Float64Array.from(first.v, (_, i) =>
    parts.reduce((sum, { v }) => sum + (v[i] as number), 0),
  )
  let value = 0
  for (let step = 0; step < POWER_STEPS; step++) {
    const length = norm(direction)
    if (length === 0) return value
    const unit = direction.map((x) => x / length)
    const left = weightedSum(
      parts.map(({ u }) => u),
      parts.map(({ v }) => dot(v, unit)),
    )
    value = norm(left)
    direction = weightedSum(
      parts.map(({ v }) => v),
      parts.map(({ u }) => dot(u, left)),
    )
  }
  return value
}
