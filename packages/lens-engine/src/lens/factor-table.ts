// The factors of every requested matrix as graph values, each distinct value once (query, key and value share x_i).
import type { FactorName, MatrixAddress } from '../architectures/hook-points.js'
import { projectableFactor } from '../architectures/hook-points.js'
import type { Value } from '../graph/graph.js'
import type { Tap } from '../runtime/forward-context.js'

export interface FactorEntry {
  readonly address: MatrixAddress
  readonly projectable: FactorName
  /** Indices into `values`. */
  readonly input: number
  readonly vjp: number
}

export interface FactorTable {
  readonly entries: readonly FactorEntry[]
  /** Distinct values, each [rows, width]. */
  readonly values: readonly Value[]
}

/** Pairs each tap with the gradient at its output. @param gradients dL/d(tap.output), in the order of `taps` */
export function makeFactorTable(taps: readonly Tap[], gradients: readonly Value[]): FactorTable {
  const values: Value[] = []
  const indexById = new Map<number, number>()
  const indexOf = (value: Value): number => {
    const known = indexById.get(value.id)
    if (known !== undefined) return known
    indexById.set(value.id, values.length)
    return values.push(value) - 1
  }
  const entries = taps.map((tap, index) => ({
    address: tap.address,
    projectable: projectableFactor[tap.address.matrix],
    input: indexOf(tap.input),
    vjp: indexOf(gradients[index] as Value),
  }))
  return { entries, values }
}

/** Index of the factor of `entry` that projects into the vocabulary. */
export function projectableIndex(entry: FactorEntry): number {
  return entry[entry.projectable]
}
