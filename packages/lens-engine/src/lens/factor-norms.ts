// Norms of every factor row, one sweep for each width and safe from underflow.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { abs, div, max, mul } from '../ops/elementwise.js'
import { reshape } from '../ops/movement.js'
import { reduceL2, reduceMax } from '../ops/reduction.js'
import type { ValueStacks } from './value-stacks.js'

export const normOutput = (width: number): string => `norms.${width}`

/** Adds an output `norms.<width>` [values, rows] for each stack. */
export function addNormOutputs(builder: GraphBuilder, { stacks }: ValueStacks): void {
  for (const [width, stack] of stacks) builder.output(normOutput(width), scaledNorm(builder, stack))
}

/** m |x / m| with m = max |x_j|: a row of 1e-25 keeps its norm, and only an exact zero gives zero. [n, rows, w] -> [n, rows] */
function scaledNorm(builder: GraphBuilder, stack: Value): Value {
  const largest = reduceMax(builder, abs(builder, stack), [2], true)
  const divisor = max(builder, largest, builder.scalar('float32', 1e-37))
  const norm = mul(builder, largest, reduceL2(builder, div(builder, stack, divisor), [2], true))
  return reshape(builder, norm, stack.shape.slice(0, 2))
}
