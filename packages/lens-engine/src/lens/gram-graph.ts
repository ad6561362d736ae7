// X X^T of every factor in float64, from which the numerical rank of each gradient follows (gradient-rank.ts).
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { cast } from '../ops/elementwise.js'
import { matmul } from '../ops/matrix.js'
import { reshape, swapLastAxes } from '../ops/movement.js'
import type { ValueStacks } from './value-stacks.js'

export const gramOutput = (width: number): string => `gram.${width}`

/** Adds an output `gram.<width>` float64 [values, batch, positions, positions] for each stack. */
export function addGramOutputs(builder: GraphBuilder, { stacks }: ValueStacks): void {
  for (const [width, stack] of stacks) builder.output(gramOutput(width), gramOf(builder, stack))
}

/** A Scan, so that only one value at a time is held in float64. */
function gramOf(builder: GraphBuilder, stack: Value): Value {
  const width = stack.shape[2] as number
  const body = builder.subgraph(`gram_${width}`)
  const value = cast(body, body.input(`gram_value_${width}`, 'float32', ['rows', width]), 'float64')
  const rows = reshape(body, value, ['batch', 'positions', width])
  body.output(`gram_square_${width}`, matmul(body, rows, swapLastAxes(body, rows)))
  const shape = [stack.shape[0] as number, 'batch', 'positions', 'positions']
  return builder.single('Scan', [stack], 'float64', shape, {
    body: body.build(),
    num_scan_inputs: 1,
  })
}
