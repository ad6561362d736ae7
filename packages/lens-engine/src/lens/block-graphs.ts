// The graphs of streaming: embedding, one block forward, the head with its gradient, and one block backward with its lens.
import type { Assembly } from '../architectures/architecture.js'
import { backward } from '../autodiff/backward.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { mul } from '../ops/elementwise.js'
import { reduceSum } from '../ops/reduction.js'
import type { TapRecorder } from '../runtime/forward-context.js'
import { makeFactorTable } from './factor-table.js'
import { contextUnder, type LensEdits } from './lens-edits.js'
import type { LensGraph, LensModel } from './lens-graph.js'
import { addLensOutputs } from './lens-outputs.js'
import type { LensPlan } from './lens-plan.js'
import { addLoss } from './loss-graph.js'
import { addNextTokens } from './next-outputs.js'

interface Begun {
  readonly builder: GraphBuilder
  readonly context: TapRecorder
  readonly assembly: Assembly
}

interface BeginOptions {
  /** Whether every matrix takes the factors of the gradient check. */
  readonly edits?: boolean
  readonly under?: LensEdits | null
}

function begin(
  model: LensModel,
  name: string,
  { edits = false, under = null }: BeginOptions = {},
): Begun {
  const { config, shape, weights } = model
  const builder = new GraphBuilder(name)
  const context = contextUnder(under, { builder, weights, edits })
  return { builder, context, assembly: { context, config, shape } }
}

const residualInput = (builder: GraphBuilder, model: LensModel, name: string): Value =>
  builder.input(name, 'float32', ['rows', model.shape.width])

/** Output `residual` [rows, width]. */
export function buildEmbeddingGraph(model: LensModel): Graph {
  const { builder, assembly } = begin(model, 'embedding')
  builder.output('residual', model.architecture.embed(assembly))
  return builder.build()
}

/** Input `before`, output `after` [rows, width]; with `edits` also U and V of the block's matrices. */
export function buildBlockGraph(model: LensModel, layer: number, options: BeginOptions): Graph {
  const { builder, assembly } = begin(model, 'block', options)
  const before = residualInput(builder, model, 'before')
  builder.output('after', model.architecture.block(assembly, layer, before))
  return builder.build()
}

/** Input `after` of the last block; outputs `losses`, `next.*`, `answers` int64 [batch] and `gradient` [rows, width]. */
export function buildHeadGraph(model: LensModel, topK: number): Graph {
  const { architecture } = model
  const { builder, assembly } = begin(model, 'head')
  const residual = residualInput(builder, model, 'after')
  const parts = addLoss(builder, {
    residual,
    finalNorm: (rows) => architecture.finalNorm(assembly, rows),
    decoder: architecture.decoder(assembly),
    decoderBias: architecture.decoderBias?.(assembly) ?? null,
  })
  builder.output('losses', parts.losses)
  builder.output('answers', addNextTokens(builder, parts, topK))
  builder.output('gradient', backward(builder, parts.loss, [residual])[0] as Value)
  return builder.build()
}

/**
 * Recomputes a block from `before` and differentiates it: inputs `gradient` (of the residual after the block), `answers`
 * and those of the lens; outputs `gradient_before` and everything the plan shows of this layer.
 */
export function buildLayerLensGraph(
  model: LensModel,
  plan: LensPlan,
  layer: number,
  under: LensEdits | null,
): LensGraph {
  const { architecture } = model
  const { builder, context, assembly } = begin(model, 'layer_lens', { under })
  const before = residualInput(builder, model, 'before')
  const after = architecture.block(assembly, layer, before)
  const gradient = residualInput(builder, model, 'gradient')
  const loss = reduceSum(builder, mul(builder, after, gradient), [0, 1])
  const taps = context.taps.filter((tap) => plan.matrices.includes(tap.address.matrix))
  const outputs = taps.map((tap) => tap.output)
  const gradients = backward(builder, loss, [...outputs, before])
  builder.output('gradient_before', gradients.at(-1) as Value)
  const layout = addLensOutputs(builder, {
    plan,
    table: makeFactorTable(taps, gradients),
    hidden: plan.hiddenStates ? [{ layer, value: after }] : [],
    rankedTargets: builder.input('ranked_targets', 'int64', ['batch']),
    answers: builder.input('answers', 'int64', ['batch']),
    decoder: architecture.decoder(assembly),
    decoderBias: architecture.decoderBias?.(assembly) ?? null,
    finalNorm: (rows) => architecture.finalNorm(assembly, rows),
  })
  return { graph: builder.build(), layout }
}
