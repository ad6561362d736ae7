// Tokens -> their rows of the decoder D, whatever the family calls it and however it is stored.
import { GraphBuilder } from '../../graph/graph-builder.js'
import type { Graph } from '../../graph/graph.js'
import { gatherRows } from '../../ops/indexing.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import { TapRecorder } from '../../runtime/forward-context.js'
import { int64 } from '../../runtime/feeds.js'
import type { PassModel } from './pass-graph.js'

/** Input `tokens` int64 [picks]; output `rows` [picks, width]. */
function buildDecoderRowsGraph({ architecture, config, shape, weights }: PassModel): Graph {
  const builder = new GraphBuilder('decoder_rows')
  const context = new TapRecorder({ builder, weights, edits: false })
  const decoder = architecture.decoder({ context, config, shape })
  const tokens = builder.input('tokens', 'int64', ['picks'])
  builder.output('rows', gatherRows(builder, decoder, tokens))
  return builder.build()
}

export async function readDecoderRows(
  model: LoadedModel,
  tokens: readonly number[],
): Promise<readonly Float32Array[]> {
  const { session } = await model.session('decoder-rows', () => buildDecoderRowsGraph(model))
  const fetches = await session.run({
    token_ids: int64([0], [1, 1]),
    position_ids: int64([0], [1]),
    tokens: int64(tokens, [tokens.length]),
  })
  const data = fetches['rows']?.data as Float32Array
  const { width } = model.shape
  return tokens.map((_, index) => data.slice(index * width, (index + 1) * width))
}
