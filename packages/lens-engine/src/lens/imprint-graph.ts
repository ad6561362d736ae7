// Imprint and shift (Backward Lens, section 5): which neurons x_i is written into, and what the MLP's output gains.
import type { MatrixName } from '../architectures/hook-points.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { abs, cast, mul, neg } from '../ops/elementwise.js'
import { gatherRows, pickColumns, topK } from '../ops/indexing.js'
import { matmul } from '../ops/matrix.js'
import { concat, reshape, swapLastAxes } from '../ops/movement.js'
import { reduceL2, reduceSum } from '../ops/reduction.js'
import type { FactorEntry, FactorTable } from './factor-table.js'

/** Neurons kept for each position. */
export const IMPRINT_NEURONS = 12

export interface ImprintPlace {
  readonly layer: number
  readonly matrix: MatrixName
}

export interface ImprintInputs {
  readonly table: FactorTable
  readonly decoder: Value
  /** int64 [batch] */
  readonly rankedTargets: Value
}

const imprinted: readonly MatrixName[] = ['mlp.gate', 'mlp.up']

/** Adds outputs `imprint.*` [places * rows, neurons] and `shift.*` [places * rows]; answers the order of the places. */
export function addImprint(builder: GraphBuilder, inputs: ImprintInputs): readonly ImprintPlace[] {
  const { entries } = inputs.table
  const pairs = entries
    .filter((entry) => imprinted.includes(entry.address.matrix))
    .flatMap((up) => {
      const down = entries.find(
        ({ address }) => address.matrix === 'mlp.down' && address.layer === up.address.layer,
      )
      return down === undefined ? [] : [{ up, down }]
    })
  if (pairs.length === 0) return []
  const results = pairs.map(({ up, down }) => ({
    ...imprintOf(builder, inputs.table, up),
    ...shiftOf(builder, inputs, down),
  }))
  for (const name of Object.keys(results[0] as object) as (keyof (typeof results)[number])[]) {
    const rows = results.map((result) => result[name])
    builder.output(name, concat(builder, rows, 0, 'imprint_rows'))
  }
  return pairs.map(({ up }) => up.address)
}

interface OuterProducts {
  /** |x_i|^2 delta_i [rows, out] */
  readonly own: Value
  /** sum_k (x_k . x_i) delta_k [rows, out] */
  readonly full: Value
}

/** What each token's output changes by when dL/dW = sum_k x_k^T delta_k is added to W. */
function outerProducts(
  builder: GraphBuilder,
  table: FactorTable,
  entry: FactorEntry,
): OuterProducts {
  const [x, delta] = [table.values[entry.input] as Value, table.values[entry.vjp] as Value]
  const [width, out] = [x.shape[1] as number, delta.shape[1] as number]
  const inputs = reshape(builder, x, ['batch', 'positions', width])
  const vjps = reshape(builder, delta, ['batch', 'positions', out])
  const full = matmul(builder, matmul(builder, inputs, swapLastAxes(builder, inputs)), vjps)
  const squared = reduceSum(builder, mul(builder, x, x), [1], true)
  return { own: mul(builder, squared, delta), full: reshape(builder, full, ['rows', out]) }
}

function imprintOf(builder: GraphBuilder, table: FactorTable, entry: FactorEntry) {
  const { own, full } = outerProducts(builder, table, entry)
  const ownTop = strongest(builder, own)
  const fullTop = strongest(builder, full)
  return {
    'imprint.own.ids': ownTop.ids,
    'imprint.own.change': ownTop.change,
    'imprint.full.ids': fullTop.ids,
    'imprint.full.change': fullTop.change,
  }
}

/** The neurons that change most, with their signed change at step size -1. */
function strongest(builder: GraphBuilder, change: Value): { ids: Value; change: Value } {
  const neurons = Math.min(IMPRINT_NEURONS, change.shape[1] as number)
  const { indices } = topK(builder, abs(builder, change), neurons, true)
  return {
    ids: cast(builder, indices, 'int32'),
    change: neg(builder, pickColumns(builder, change, indices)),
  }
}

function shiftOf(builder: GraphBuilder, inputs: ImprintInputs, entry: FactorEntry) {
  const { own, full } = outerProducts(builder, inputs.table, entry)
  const width = full.shape[1] as number
  const target = gatherRows(builder, inputs.decoder, inputs.rankedTargets)
  const column = reshape(builder, target, ['batch', width, 1])
  const logits = matmul(builder, reshape(builder, full, ['batch', 'positions', width]), column)
  return {
    'shift.own.norm': reduceL2(builder, own, [1]),
    'shift.full.norm': reduceL2(builder, full, [1]),
    'shift.target': neg(builder, reshape(builder, logits, ['rows'])),
  }
}
