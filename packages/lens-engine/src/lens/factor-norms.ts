// Norms of every factor row, computed in one sweep for each width and safe from underflow.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { abs, div, max, mul } from '../ops/elementwise.js'
import { concat, reshape } from '../ops/movement.js'
import { reduceL2, reduceMax } from '../ops/reduction.js'

/** Where the norms of a value lie: rows `place * rows` to `(place + 1) * rows` of the output of its width. */
export interface NormPlace {
  readonly width: number
  readonly place: number
}

export const normOutput = (width: number): string => `norms.${width}`

/** Adds an output `norms.<width>` [values of that width * rows] for each width; answers each value's place in it. */
export function addNormOutputs(
  builder: GraphBuilder,
  values: readonly Value[],
): readonly NormPlace[] {
  const byWidth = new Map<number, Value[]>()
  const places = values.map((value) => {
    const width = value.shape[1] as number
    const list = byWidth.get(width) ?? []
    byWidth.set(width, list)
    return { width, place: list.push(value) - 1 }
  })
  for (const [width, list] of byWidth) {
    const rows = concat(builder, list, 0, `norm_rows_${width}`)
    builder.output(normOutput(width), scaledNorm(builder, rows))
  }
  return places
}

/** m |x / m| with m = max |x_j|: a row of 1e-25 keeps its norm, and only an exact zero gives zero. [n, w] -> [n] */
function scaledNorm(builder: GraphBuilder, rows: Value): Value {
  const largest = reduceMax(builder, abs(builder, rows), [1], true)
  const divisor = max(builder, largest, builder.scalar('float32', 1e-37))
  const norm = mul(builder, largest, reduceL2(builder, div(builder, rows, divisor), [1], true))
  return reshape(builder, norm, [rows.shape[0] as string])
}
