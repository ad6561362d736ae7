// First half of the gradient check: random rank-1 directions u v^T in the span of the factors, and the derivative of
// the loss along them as the factors predict it, (X u) . (Delta v). The second half measures it (gradient-check.ts).
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { mul } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { matmul } from '../ops/matrix.js'
import { concat, swapLastAxes, transpose } from '../ops/movement.js'
import { reduceSum } from '../ops/reduction.js'
import type { FactorTable } from './factor-table.js'
import type { ValueStacks } from './value-stacks.js'

export const directionOutput = (width: number): string => `check.direction.${width}`
export const predictedOutput = 'check.predicted'

/**
 * Adds the inputs `check_coefficients` and `check_owner` float32 [checks, rows] (zero outside each check's prompt), the
 * directions c X of every value, `check.direction.<width>` [values, checks, width], and the predicted derivative of every
 * entry along its two directions, `check.predicted` [entries, checks].
 */
export function addGradientCheck(
  builder: GraphBuilder,
  table: FactorTable,
  { places, stacks }: ValueStacks,
): void {
  const coefficients = builder.input('check_coefficients', 'float32', ['checks', 'rows'])
  const owner = builder.input('check_owner', 'float32', ['checks', 'rows'])
  const products: Value[] = []
  const offsets = new Map<number, number>()
  let offset = 0
  for (const [width, stack] of stacks) {
    const directions = matmul(builder, coefficients, stack)
    builder.output(directionOutput(width), directions)
    products.push(matmul(builder, stack, swapLastAxes(builder, directions)))
    offsets.set(width, offset)
    offset += stack.shape[0] as number
  }
  const all = concat(builder, products, 0)
  const pick = (side: 'input' | 'vjp'): Value => {
    const indices = table.entries.map((entry) => {
      const { width, place } = places[entry[side]] as ValueStacks['places'][number]
      return (offsets.get(width) as number) + place
    })
    return gatherRows(builder, all, builder.integers(indices))
  }
  const own = transpose(builder, owner, [1, 0])
  const terms = mul(builder, mul(builder, pick('input'), pick('vjp')), own)
  builder.output(predictedOutput, reduceSum(builder, terms, [1]))
}
