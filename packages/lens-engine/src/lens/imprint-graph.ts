// Imprint and shift (Backward Lens, section 5): which neurons x_i is written into, and what the MLP's output gains.
import type { MatrixName } from '../architectures/hook-points.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { abs, cast, mul, neg } from '../ops/elementwise.js'
import { gatherRows, pickColumns, topK } from '../ops/indexing.js'
import { matmul } from '../ops/matrix.js'
import { reshape, swapLastAxes } from '../ops/movement.js'
import { reduceL2, reduceSum } from '../ops/reduction.js'
import type { FactorEntry, FactorTable } from './factor-table.js'
import type { ValueStacks } from './value-stacks.js'

/** Neurons kept for each position. */
export const IMPRINT_NEURONS = 12

export interface ImprintPlace {
  readonly layer: number
  readonly matrix: MatrixName
}

export interface ImprintInputs {
  readonly table: FactorTable
  readonly stacks: ValueStacks
  readonly decoder: Value
  /** int64 [batch] */
  readonly rankedTargets: Value
}

const imprinted: readonly MatrixName[] = ['mlp.gate', 'mlp.up']

interface Pair {
  readonly up: FactorEntry
  readonly down: FactorEntry
}

/** Adds outputs `imprint.*` [places, rows, neurons] and `shift.*` [places, rows]; answers the order of the places. */
export function addImprint(builder: GraphBuilder, inputs: ImprintInputs): readonly ImprintPlace[] {
  const pairs = findPairs(inputs.table.entries)
  if (pairs.length === 0) return []
  const scanned = [
    pickStack(
      builder,
      inputs,
      pairs.map(({ up }) => up.input),
    ),
    pickStack(
      builder,
      inputs,
      pairs.map(({ up }) => up.vjp),
    ),
    pickStack(
      builder,
      inputs,
      pairs.map(({ down }) => down.input),
    ),
    pickStack(
      builder,
      inputs,
      pairs.map(({ down }) => down.vjp),
    ),
  ]
  const width = inputs.decoder.shape[1] as number
  const targets = gatherRows(builder, inputs.decoder, inputs.rankedTargets)
  const body = layerBody(builder, scanned, reshape(builder, targets, ['batch', width, 1]))
  const outputs = body.outputs.map(({ value }) => ({
    type: value.type,
    shape: [pairs.length, ...value.shape],
  }))
  const results = builder.node('Scan', scanned, outputs, { body, num_scan_inputs: 4 })
  body.outputs.forEach(({ name }, index) =>
    builder.output(name.replace('layer.', ''), results[index] as Value),
  )
  return pairs.map(({ up }) => up.address)
}

function findPairs(entries: readonly FactorEntry[]): readonly Pair[] {
  return entries
    .filter((entry) => imprinted.includes(entry.address.matrix))
    .flatMap((up) => {
      const down = entries.find(
        ({ address }) => address.matrix === 'mlp.down' && address.layer === up.address.layer,
      )
      return down === undefined ? [] : [{ up, down }]
    })
}

/** The values of one role for all places. [places, rows, width] */
function pickStack(
  builder: GraphBuilder,
  { stacks }: ImprintInputs,
  values: readonly number[],
): Value {
  const places = values.map((value) => stacks.places[value] as ValueStacks['places'][number])
  const stack = stacks.stacks.get((places[0] as ValueStacks['places'][number]).width) as Value
  return gatherRows(builder, stack, builder.integers(places.map(({ place }) => place)))
}

/** One layer: a Scan keeps the memory of the whole at that of a layer. */
function layerBody(outer: GraphBuilder, scanned: readonly Value[], targets: Value) {
  const body = outer.subgraph('imprint_layer')
  const names = ['up.input', 'up.vjp', 'down.input', 'down.vjp']
  const [upInput, upVjp, downInput, downVjp] = scanned.map((stack, index) =>
    body.input(`layer.${names[index]}`, 'float32', ['rows', stack.shape[2] as number]),
  ) as [Value, Value, Value, Value]
  const imprint = outerProducts(body, upInput, upVjp)
  addStrongest(body, 'layer.imprint.own', imprint.own)
  addStrongest(body, 'layer.imprint.full', imprint.full)
  const shift = outerProducts(body, downInput, downVjp)
  body.output('layer.shift.own.norm', reduceL2(body, shift.own, [1]))
  body.output('layer.shift.full.norm', reduceL2(body, shift.full, [1]))
  const width = downVjp.shape[1] as number
  const logits = matmul(body, reshape(body, shift.full, ['batch', 'positions', width]), targets)
  body.output('layer.shift.target', neg(body, reshape(body, logits, ['rows'])))
  return body.build()
}

interface OuterProducts {
  /** |x_i|^2 delta_i [rows, out] */
  readonly own: Value
  /** sum_k (x_k . x_i) delta_k [rows, out] */
  readonly full: Value
}

/** What each token's output changes by when dL/dW = sum_k x_k^T delta_k is added to W. */
function outerProducts(builder: GraphBuilder, x: Value, delta: Value): OuterProducts {
  const [width, out] = [x.shape[1] as number, delta.shape[1] as number]
  const inputs = reshape(builder, x, ['batch', 'positions', width])
  const vjps = reshape(builder, delta, ['batch', 'positions', out])
  const full = matmul(builder, matmul(builder, inputs, swapLastAxes(builder, inputs)), vjps)
  const squared = reduceSum(builder, mul(builder, x, x), [1], true)
  return { own: mul(builder, squared, delta), full: reshape(builder, full, ['rows', out]) }
}

/** The neurons that change most, with their signed change at step size -1. */
function addStrongest(builder: GraphBuilder, name: string, change: Value): void {
  const neurons = Math.min(IMPRINT_NEURONS, change.shape[1] as number)
  const { indices } = topK(builder, abs(builder, change), neurons, true)
  builder.output(`${name}.ids`, cast(builder, indices, 'int32'))
  builder.output(`${name}.change`, neg(builder, pickColumns(builder, change, indices)))
}
