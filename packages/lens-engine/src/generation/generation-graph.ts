// The graph of one step of generation: tokens and remembered keys and values -> the most probable next tokens.
import type {
  Architecture,
  Config,
  ForwardContext,
  ModelShape,
} from '../architectures/architecture.js'
import { forwardPass } from '../architectures/forward-pass.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { cast } from '../ops/elementwise.js'
import { gatherRows, topK } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { RememberingContext, type MemorySlot } from './remembering-context.js'

export interface GenerationModel {
  readonly architecture: Architecture
  readonly config: Config
  readonly shape: ModelShape
}

export interface GenerationGraph {
  readonly graph: Graph
  readonly slots: readonly MemorySlot[]
}

/**
 * Inputs of the forward pass, `key_position_ids` int64 [keys], `past.*`, and `last_rows` int64 [batch]; outputs
 * `next.ids` int32 and `next.logits` [batch, choices], most probable first, and `present.*`.
 * @param makeContext the context of the forward pass, with whatever edits it feeds
 */
export function buildGenerationGraph(
  model: GenerationModel,
  makeContext: (builder: GraphBuilder) => ForwardContext,
  choices: number,
): GenerationGraph {
  const { architecture, config, shape } = model
  const builder = new GraphBuilder('generation')
  const context = new RememberingContext(makeContext(builder))
  const assembly = { context, config, shape }
  const lastRows = builder.input('last_rows', 'int64', ['batch'])
  const residual = forwardPass(architecture, assembly).at(-1) as Value
  const last = architecture.finalNorm(assembly, gatherRows(builder, residual, lastRows))
  const bias = architecture.decoderBias?.(assembly) ?? null
  const logits = gemm(builder, last, architecture.decoder(assembly), bias, { transposeB: true })
  const { values, indices } = topK(builder, logits, choices, true)
  builder.output('next.ids', cast(builder, indices, 'int32'))
  builder.output('next.logits', values)
  return { graph: builder.build(), slots: context.slots }
}
