// Gradients of a loss that is a sum over batches: the sums of the batches' gradients.
import type { Fetches } from './pass-result.js'
import type { DeltaGradient } from './pass-request.js'

function sum(a: Float32Array | null, b: Float32Array | null): Float32Array | null {
  if (a === null || b === null) return a ?? b
  return a.map((value, index) => value + (b[index] as number))
}

export function addGradients(
  total: ReadonlyMap<string, DeltaGradient>,
  more: ReadonlyMap<string, DeltaGradient>,
): ReadonlyMap<string, DeltaGradient> {
  const result = new Map(total)
  for (const [name, gradient] of more) {
    const known = total.get(name)
    result.set(
      name,
      known === undefined
        ? gradient
        : {
            ...gradient,
            u: sum(known.u, gradient.u),
            v: sum(known.v, gradient.v),
            values: sum(known.values, gradient.values),
          },
    )
  }
  return result
}

/** Adds the output `gradient.vectors` [vectors, out], row by row. */
export function addVectors(
  total: readonly Float32Array[],
  fetches: Fetches,
): readonly Float32Array[] {
  const fetched = fetches['gradient.vectors']
  if (fetched === undefined) return total
  const [count, width] = fetched.shape as [number, number]
  const data = fetched.data as Float32Array
  return Array.from({ length: count }, (_, index) => {
    const row = data.slice(index * width, (index + 1) * width)
    return sum(total[index] ?? null, row) as Float32Array
  })
}
