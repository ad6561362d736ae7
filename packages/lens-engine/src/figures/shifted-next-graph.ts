// The model's most probable next token, and how far the target is from being it, when a shift is added to the output of `mlp.down` of one layer, which each prompt of a
// batch chooses for itself: one graph for all layers.
import type { MatrixAddress } from '../architectures/hook-points.js'
import { forwardPass } from '../architectures/forward-pass.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { add, cast, mul, sub } from '../ops/elementwise.js'
import { argMax, gatherRows, pickColumns } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { reshape } from '../ops/movement.js'
import { reduceMax } from '../ops/reduction.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'

type ShiftedModel = Pick<LoadedModel, 'architecture' | 'config' | 'shape' | 'weights'>

/** y + gate x shift in every `mlp.down`; the gate is 1 in the rows of a prompt that chose this layer. */
class ShiftingRecorder extends TapRecorder {
  shift: { readonly rows: Value; readonly gates: Value } | null = null

  override tap(address: MatrixAddress, x: Value, y: Value): Value {
    const shifted =
      address.matrix === 'mlp.down' && this.shift !== null
        ? add(this.builder, y, this.#gated(address.layer, this.shift))
        : y
    return super.tap(address, x, shifted)
  }

  #gated(layer: number, { rows, gates }: { readonly rows: Value; readonly gates: Value }): Value {
    const { builder } = this
    const index = builder.constant('int64', [1], BigInt64Array.of(BigInt(layer)))
    const gate = reshape(builder, gatherRows(builder, gates, index), ['rows', 1])
    return mul(builder, rows, gate)
  }
}

/**
 * Inputs of the forward pass, `shift` float32 [rows, width], `gates` float32 [layers, rows], `last_rows` int64 [batch] and
 * `targets` int64 [batch, 1]; outputs `next.id` int32 [batch] and `margin` float32 [batch, 1], the target's logit less the
 * largest.
 */
export function buildShiftedNextGraph({
  architecture,
  config,
  shape,
  weights,
}: ShiftedModel): Graph {
  const builder = new GraphBuilder('shifted_next')
  const context = new ShiftingRecorder({ builder, weights, edits: false })
  context.shift = {
    rows: builder.input('shift', 'float32', ['rows', shape.width]),
    gates: builder.input('gates', 'float32', [shape.layers, 'rows']),
  }
  const assembly = { context, config, shape }
  const lastRows = builder.input('last_rows', 'int64', ['batch'])
  const targets = builder.input('targets', 'int64', ['batch', 1])
  const decoder = architecture.decoder(assembly)
  const bias = architecture.decoderBias?.(assembly) ?? null
  const residual = forwardPass(architecture, assembly).at(-1) as Value
  const normed = architecture.finalNorm(assembly, gatherRows(builder, residual, lastRows))
  const logits = gemm(builder, normed, decoder, bias, { transposeB: true })
  const margin = sub(
    builder,
    pickColumns(builder, logits, targets),
    reduceMax(builder, logits, [1], true),
  )
  builder.output('margin', margin)
  builder.output('next.id', cast(builder, argMax(builder, logits), 'int32'))
  return builder.build()
}
