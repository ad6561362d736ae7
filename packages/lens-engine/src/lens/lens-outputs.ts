// What a lens shows of factors, as outputs of a graph: projection, norms, imprint, Gram matrices, check, vectors.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { div, max } from '../ops/elementwise.js'
import { expand, reshape } from '../ops/movement.js'
import { reduceL2 } from '../ops/reduction.js'
import { addNormOutputs } from './factor-norms.js'
import { projectableIndex, type FactorEntry, type FactorTable } from './factor-table.js'
import { addGradientCheck } from './gradient-check-graph.js'
import { addGramOutputs } from './gram-graph.js'
import { addImprint, type ImprintPlace } from './imprint-graph.js'
import type { LensPlan } from './lens-plan.js'
import type { LensKind } from './lens-result.js'
import { addProjection, stackRows } from './project-rows.js'
import { stackValues, type StackPlace } from './value-stacks.js'

/** Where to find things in the outputs of a lens graph. */
export interface LensLayout {
  readonly entries: readonly FactorEntry[]
  readonly widths: readonly number[]
  /** Where each factor value, then each hidden state, lies in the stacked outputs. */
  readonly places: readonly StackPlace[]
  /** Indices of factor values in the order their rows are projected; hidden states follow. */
  readonly projected: readonly number[]
  /** Layers of the hidden states. */
  readonly hidden: readonly number[]
  readonly imprint: readonly ImprintPlace[]
}

export const vectorOutput = (value: number): string => `vector.${value}`

export interface LensOutputOptions {
  readonly plan: LensPlan
  readonly table: FactorTable
  /** The residual stream after each of `layers`, [rows, width]; none when the plan does not want them. */
  readonly hidden: readonly { readonly layer: number; readonly value: Value }[]
  /** int64 [batch] */
  readonly rankedTargets: Value
  readonly answers: Value
  readonly decoder: Value
  readonly decoderBias: Value | null
  readonly finalNorm: (rows: Value) => Value
}

/** Adds every output the plan asks for and says where they lie. */
export function addLensOutputs(builder: GraphBuilder, options: LensOutputOptions): LensLayout {
  const { plan, table, decoder, rankedTargets } = options
  const projected = [...new Set(table.entries.map(projectableIndex))]
  const hidden = options.hidden.map(({ value }) => value)
  builder.scope('project', () => addProjectedRows(builder, options, projected))
  const stacks = stackValues(builder, [...table.values, ...hidden])
  builder.scope('norms', () => addNormOutputs(builder, stacks))
  const imprint = plan.imprint
    ? builder.scope('imprint', () => addImprint(builder, { table, stacks, decoder, rankedTargets }))
    : []
  if (plan.gradientRank) builder.scope('gram', () => addGramOutputs(builder, stacks))
  if (plan.gradientCheck) builder.scope('check', () => addGradientCheck(builder, table, stacks))
  if (plan.vectors) {
    table.values.forEach((value, index) => builder.output(vectorOutput(index), value))
  }
  return {
    entries: table.entries,
    widths: table.values.map((value) => value.shape[1] as number),
    places: stacks.places,
    projected,
    hidden: options.hidden.map(({ layer }) => layer),
    imprint,
  }
}

function addProjectedRows(
  builder: GraphBuilder,
  options: LensOutputOptions,
  projected: readonly number[],
): void {
  const { plan, table, finalNorm, decoder, decoderBias } = options
  const factorRows = projected.map((index) => table.values[index] as Value)
  const hidden = options.hidden.map(({ value }) => value)
  const groups = projected.length + hidden.length
  addProjection(builder, {
    rows: lensRows(builder, { factorRows, hidden, finalNorm, lens: plan.lens }),
    targets: tokenPerRow(builder, options.rankedTargets, groups),
    answers: tokenPerRow(builder, options.answers, groups),
    decoder,
    decoderBias,
    topK: plan.topK,
  })
}

interface LensRows {
  readonly factorRows: readonly Value[]
  readonly hidden: readonly Value[]
  readonly finalNorm: (rows: Value) => Value
  readonly lens: LensKind
}

/** Factor rows normalised as the lens asks, then hidden states, which always pass through the final norm. */
function lensRows(builder: GraphBuilder, { factorRows, hidden, finalNorm, lens }: LensRows): Value {
  const stacked = stackRows(builder, factorRows, 'factor_rows')
  const normalise: Record<LensKind, (rows: Value) => Value> = {
    raw: (rows) => rows,
    'final-norm': finalNorm,
    normalized: (rows) => finalNorm(unitRows(builder, rows)),
  }
  const factors = normalise[lens](stacked)
  if (hidden.length === 0) return factors
  const states = finalNorm(stackRows(builder, hidden, 'hidden_rows'))
  return stackRows(builder, [factors, states], 'projected_rows')
}

/** v / max(|v|, 1e-12) (Backward Lens, App. H). */
function unitRows(builder: GraphBuilder, rows: Value): Value {
  const norm = reduceL2(builder, rows, [1], true)
  return div(builder, rows, max(builder, norm, builder.scalar('float32', 1e-12)))
}

/** Token of each prompt repeated for its positions and for every group of rows. int64 [batch] -> [groups * rows] */
function tokenPerRow(builder: GraphBuilder, tokens: Value, groups: number): Value {
  const column = reshape(builder, tokens, ['batch', 1])
  const rows = reshape(builder, expand(builder, column, ['batch', 'positions']), ['rows'])
  const repeated = expand(builder, reshape(builder, rows, [1, 'rows']), [groups, 'rows'])
  return reshape(builder, repeated, ['projected_rows'])
}
