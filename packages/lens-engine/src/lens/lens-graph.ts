// The whole lens as one graph: forward, loss, backward, norms, vocabulary projection, imprint, Gram matrices, check.
import { forwardPass } from '../architectures/forward-pass.js'
import type { Architecture, Config, ModelShape } from '../architectures/architecture.js'
import type { MatrixName } from '../architectures/hook-points.js'
import { backward } from '../autodiff/backward.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { cast, div, max } from '../ops/elementwise.js'
import { argMax, gatherRows, pickColumns, topK } from '../ops/indexing.js'
import { expand, reshape } from '../ops/movement.js'
import { reduceL2 } from '../ops/reduction.js'
import { softmax } from '../ops/softmax.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { WeightSource } from '../weights/weight-source.js'
import { addNormOutputs } from './factor-norms.js'
import {
  makeFactorTable,
  projectableIndex,
  type FactorEntry,
  type FactorTable,
} from './factor-table.js'
import { addGradientCheck } from './gradient-check-graph.js'
import { addGramOutputs } from './gram-graph.js'
import { addImprint, type ImprintPlace } from './imprint-graph.js'
import type { LensKind } from './lens-result.js'
import { addLoss, type LossParts } from './loss-graph.js'
import { addProjection, stackRows } from './project-rows.js'
import { stackValues, type StackPlace } from './value-stacks.js'

/** What a lens graph computes; equal plans share a graph and its session. */
export interface LensPlan {
  readonly matrices: readonly MatrixName[]
  readonly lens: LensKind
  readonly topK: number
  readonly hiddenStates: boolean
  readonly imprint: boolean
  readonly gradientRank: boolean
  readonly gradientCheck: boolean
  readonly vectors: boolean
}

export interface LensModel {
  readonly architecture: Architecture
  readonly config: Config
  readonly shape: ModelShape
  readonly weights: WeightSource
}

/** Where to find things in the outputs of a lens graph. */
export interface LensLayout {
  readonly entries: readonly FactorEntry[]
  readonly widths: readonly number[]
  /** Where each factor value, then each hidden state, lies in the stacked outputs. */
  readonly places: readonly StackPlace[]
  /** Indices of factor values in the order their rows are projected; hidden states follow. */
  readonly projected: readonly number[]
  readonly hiddenLayers: number
  readonly imprint: readonly ImprintPlace[]
}

export interface LensGraph {
  readonly graph: Graph
  readonly layout: LensLayout
}

export const vectorOutput = (value: number): string => `vector.${value}`

/** Builds forward + backward + lens for a model. */
export function buildLensGraph(model: LensModel, plan: LensPlan): LensGraph {
  const { architecture, config, shape, weights } = model
  const builder = new GraphBuilder('lens')
  const context = new TapRecorder({ builder, weights, edits: false })
  const assembly = { context, config, shape }
  const finalNorm = (rows: Value): Value =>
    builder.scope('final_norm', () => architecture.finalNorm(assembly, rows))
  const decoder = architecture.decoder(assembly)
  const decoderBias = architecture.decoderBias?.(assembly) ?? null
  const hiddenStates = forwardPass(architecture, assembly)
  const residual = hiddenStates.at(-1) as Value
  const parts = builder.scope('loss', () =>
    addLoss(builder, { residual, finalNorm, decoder, decoderBias }),
  )
  const taps = context.taps.filter((tap) => plan.matrices.includes(tap.address.matrix))
  const gradients = backward(
    builder,
    parts.loss,
    taps.map((tap) => tap.output),
  )
  const table = makeFactorTable(taps, gradients)
  const rankedTargets = builder.input('ranked_targets', 'int64', ['batch'])
  const answers = addNextTokens(builder, parts, plan.topK)
  builder.output('losses', parts.losses)
  const projected = distinctProjectable(table)
  const factorRows = projected.map((index) => table.values[index] as Value)
  const hidden = plan.hiddenStates ? hiddenStates : []
  builder.scope('project', () =>
    addProjection(builder, {
      rows: lensRows(builder, { factorRows, hidden, finalNorm, lens: plan.lens }),
      targets: tokenPerRow(builder, rankedTargets, projected.length + hidden.length),
      answers: tokenPerRow(builder, answers, projected.length + hidden.length),
      decoder,
      decoderBias,
      topK: plan.topK,
    }),
  )
  const stacks = stackValues(builder, [...table.values, ...hidden])
  builder.scope('norms', () => addNormOutputs(builder, stacks))
  const imprint = plan.imprint
    ? builder.scope('imprint', () => addImprint(builder, { table, stacks, decoder, rankedTargets }))
    : []
  if (plan.gradientRank) builder.scope('gram', () => addGramOutputs(builder, stacks))
  if (plan.gradientCheck) builder.scope('check', () => addGradientCheck(builder, table, stacks))
  if (plan.vectors)
    table.values.forEach((value, index) => builder.output(vectorOutput(index), value))
  const layout: LensLayout = {
    entries: table.entries,
    widths: table.values.map((value) => value.shape[1] as number),
    places: stacks.places,
    projected,
    hiddenLayers: hidden.length,
    imprint,
  }
  return { graph: builder.build(), layout }
}

function distinctProjectable(table: FactorTable): readonly number[] {
  return [...new Set(table.entries.map(projectableIndex))]
}

/** The model's own next token: outputs `next.*` [batch, k]; answers its argmax, int64 [batch]. */
function addNextTokens(builder: GraphBuilder, parts: LossParts, k: number): Value {
  return builder.scope('next', () => {
    const answerIndex = builder.input('answer_index', 'int64', ['batch'])
    const logits = gatherRows(builder, parts.logits, answerIndex)
    const { values, indices } = topK(builder, logits, k, true)
    builder.output('next.ids', cast(builder, indices, 'int32'))
    builder.output('next.logits', values)
    builder.output('next.probabilities', pickColumns(builder, softmax(builder, logits), indices))
    return argMax(builder, logits)
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
