// First half of the gradient check: random rank-1 directions u v^T in the span of the factors, and the derivative of
// the loss along them as the factors predict it, (X u) . (Delta v). The second half measures it (gradient-check.ts).
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { mul } from '../ops/elementwise.js'
import { gemm } from '../ops/matrix.js'
import { transpose } from '../ops/movement.js'
import { reduceSum } from '../ops/reduction.js'
import type { FactorTable } from './factor-table.js'

export const directionOutput = (side: 'u' | 'v', value: number): string => `check.${side}.${value}`
export const predictedOutput = (entry: number): string => `check.predicted.${entry}`

/**
 * Adds inputs `check_left`, `check_right` float32 [checks, rows] (random, zero outside the check's prompt) and, for each
 * matrix, outputs u = left X [checks, in], v = right Delta [checks, out] and the predicted derivative [checks].
 */
export function addGradientCheck(builder: GraphBuilder, table: FactorTable): void {
  const left = builder.input('check_left', 'float32', ['checks', 'rows'])
  const right = builder.input('check_right', 'float32', ['checks', 'rows'])
  const owner = transpose(
    builder,
    builder.input('check_owner', 'float32', ['checks', 'rows']),
    [1, 0],
  )
  const uByValue = directions(
    builder,
    'u',
    left,
    table,
    table.entries.map((entry) => entry.input),
  )
  const vByValue = directions(
    builder,
    'v',
    right,
    table,
    table.entries.map((entry) => entry.vjp),
  )
  table.entries.forEach((entry, index) => {
    const xu = gemm(
      builder,
      table.values[entry.input] as Value,
      uByValue.get(entry.input) as Value,
      null,
      {
        transposeB: true,
      },
    )
    const dv = gemm(
      builder,
      table.values[entry.vjp] as Value,
      vByValue.get(entry.vjp) as Value,
      null,
      {
        transposeB: true,
      },
    )
    const products = mul(builder, mul(builder, xu, dv), owner)
    builder.output(predictedOutput(index), reduceSum(builder, products, [0]))
  })
}

function directions(
  builder: GraphBuilder,
  side: 'u' | 'v',
  random: Value,
  table: FactorTable,
  indices: readonly number[],
): ReadonlyMap<number, Value> {
  const found = new Map<number, Value>()
  for (const index of indices) {
    if (found.has(index)) continue
    const direction = gemm(builder, random, table.values[index] as Value)
    builder.output(directionOutput(side, index), direction)
    found.set(index, direction)
  }
  return found
}
