// The model's own next token of many prompts: forward only, the last position of each prompt, batches of similar length.
import { forwardPass } from '../architectures/forward-pass.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { cast } from '../ops/elementwise.js'
import { gatherRows, pickColumns, topK } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { softmax } from '../ops/softmax.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { int64 } from '../runtime/feeds.js'
import type { LensModel } from './lens-graph.js'
import { lengthGroup } from './length-group.js'
import { floats, integers } from './unpack-result.js'

export interface NextToken {
  readonly id: number
  readonly probability: number
}

/** Rows (prompts x positions) computed at once. */
const BATCH_ROWS = 2048

/** Inputs of the forward pass and `last_rows` int64 [batch]; outputs `next.id` int32 and `next.probability` [batch, 1]. */
function buildNextTokenGraph({ architecture, config, shape, weights }: LensModel): Graph {
  const builder = new GraphBuilder('next_token')
  const context = new TapRecorder({ builder, weights, edits: false })
  const assembly = { context, config, shape }
  const lastRows = builder.input('last_rows', 'int64', ['batch'])
  const decoder = architecture.decoder(assembly)
  const bias = architecture.decoderBias?.(assembly) ?? null
  const hiddenStates = forwardPass(architecture, assembly)
  const last = gatherRows(builder, hiddenStates.at(-1) as Value, lastRows)
  const normed = architecture.finalNorm(assembly, last)
  const logits = gemm(builder, normed, decoder, bias, { transposeB: true })
  const { indices } = topK(builder, logits, 1, true)
  builder.output('next.id', cast(builder, indices, 'int32'))
  builder.output('next.probability', pickColumns(builder, softmax(builder, logits), indices))
  return builder.build()
}

/** The most probable next token of each prompt, in order. @param prompts token ids, none empty, within the context */
export async function nextTokens(
  model: LoadedModel,
  prompts: readonly (readonly number[])[],
): Promise<readonly NextToken[]> {
  const { session } = await model.session('next-token', () => buildNextTokenGraph(model))
  const results = Array<NextToken>(prompts.length)
  for (const group of similarLengths(prompts, model)) {
    const positions = Math.max(
      ...group.map((index) => (prompts[index] as readonly number[]).length),
    )
    const ids = group.flatMap((index) => {
      const prompt = prompts[index] as readonly number[]
      return [...prompt, ...Array<number>(positions - prompt.length).fill(0)]
    })
    const lastRows = group.map(
      (index, row) => row * positions + (prompts[index] as readonly number[]).length - 1,
    )
    const fetches = await session.run({
      token_ids: int64(ids, [group.length, positions]),
      position_ids: int64([...Array(positions).keys()], [positions]),
      last_rows: int64(lastRows, [group.length]),
    })
    group.forEach((index, row) => {
      results[index] = {
        id: integers(fetches, 'next.id')[row] as number,
        probability: floats(fetches, 'next.probability')[row] as number,
      }
    })
  }
  return results
}

/** Indices of the prompts, shortest first, cut into groups of at most BATCH_ROWS rows. */
function similarLengths(
  prompts: readonly (readonly number[])[],
  { shape }: LoadedModel,
): readonly (readonly number[])[] {
  const length = (index: number): number => (prompts[index] as readonly number[]).length
  const order = [...prompts.keys()].sort((a, b) => length(a) - length(b) || a - b)
  const groups: number[][] = []
  for (const index of order) {
    const last = groups.at(-1)
    const fits =
      last !== undefined &&
      (last.length + 1) * length(index) <= BATCH_ROWS &&
      lengthGroup(shape, length(last[0] as number)) === lengthGroup(shape, length(index))
    if (fits) last.push(index)
    else groups.push([index])
  }
  return groups
}
