// The lens for models larger than memory: blocks run one after the other from the mapped file, each session is closed
// before the next opens, and the backward pass recomputes a block from the residual stream kept before it.
import { createHash } from 'node:crypto'
import type { Graph } from '../graph/graph.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Feed, Fetch } from '../runtime/ort.js'
import { lossFeeds, type Batch } from './batch-feeds.js'
import {
  buildBlockGraph,
  buildEmbeddingGraph,
  buildHeadGraph,
  buildLayerLensGraph,
} from './block-graphs.js'
import type { LensEdits } from './lens-edits.js'
import type { LensGraph } from './lens-graph.js'
import { outputFeeds, type LensPart, type LensRunner, type PassOptions } from './lens-passes.js'
import type { BeforeBlock } from './stream-watch.js'
import type { Fetches } from './unpack-result.js'

type Feeds = Readonly<Record<string, Feed>>

/** Digests and times of the graphs a stream has run. */
class StreamLog {
  readonly #digest = createHash('sha256')
  openedIn = 0

  async run(model: LoadedModel, graph: Graph, feeds: Feeds): Promise<Fetches> {
    return model.runOnce(graph, async ({ session, graphDigest, openedIn }) => {
      this.#digest.update(graphDigest)
      this.openedIn += openedIn
      return session.run(feeds)
    })
  }

  get digest(): string {
    return this.#digest.digest('hex')
  }
}

const asFeed = (fetch: Fetch): Feed => ({
  type: fetch.data instanceof BigInt64Array ? 'int64' : 'float32',
  shape: fetch.shape,
  data: fetch.data,
})

const take = (fetches: Fetches, name: string): Feed => asFeed(fetches[name] as Fetch)

function tokenFeeds(batch: Batch): Record<string, Feed> {
  const { token_ids, position_ids } = lossFeeds(batch)
  return { token_ids: token_ids as Feed, position_ids: position_ids as Feed }
}

interface ForwardOptions {
  readonly batch: Batch
  /** U and V of every matrix in the passes of the gradient check. */
  readonly edits: Feeds | null
  readonly under: LensEdits | null
  readonly beforeBlock: BeforeBlock
}

/** The residual stream before each block and after the last. */
async function forward(
  model: LoadedModel,
  log: StreamLog,
  { batch, edits, under, beforeBlock }: ForwardOptions,
): Promise<readonly Feed[]> {
  const tokens = tokenFeeds(batch)
  const embedded = await log.run(model, buildEmbeddingGraph(model), tokens)
  const residuals = [take(embedded, 'residual')]
  for (let layer = 0; layer < model.shape.layers; layer++) {
    await beforeBlock(edits === null ? 'forward' : 'check', layer)
    const own = editsOfLayer({ ...edits, ...under?.feeds }, layer)
    const graph = buildBlockGraph(model, layer, { edits: edits !== null, under })
    const feeds = { ...tokens, ...own, before: residuals.at(-1) as Feed }
    residuals.push(take(await log.run(model, graph, feeds), 'after'))
  }
  return residuals
}

function editsOfLayer(edits: Feeds, layer: number): Feeds {
  const prefix = `layers.${layer}.`
  return Object.fromEntries(Object.entries(edits).filter(([name]) => name.startsWith(prefix)))
}

/** Only the inputs a graph declares; blocks need fewer of them than the whole. */
function accepted({ graph }: Pick<LensGraph, 'graph'>, feeds: Feeds): Feeds {
  const names = new Set(graph.inputs.map(({ name }) => name))
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name)))
}

async function backwardParts(
  model: LoadedModel,
  log: StreamLog,
  options: PassOptions,
  residuals: readonly Feed[],
  head: Fetches,
): Promise<readonly LensPart[]> {
  const parts: LensPart[] = []
  let gradient = take(head, 'gradient')
  for (let layer = model.shape.layers - 1; layer >= 0; layer--) {
    await options.beforeBlock('backward', layer)
    const built = buildLayerLensGraph(model, options.plan, layer, options.under)
    const feeds = {
      ...tokenFeeds(options.batch),
      ...outputFeeds(model, built.layout, options),
      before: residuals[layer] as Feed,
      gradient,
      answers: take(head, 'answers'),
      ...options.under?.feeds,
    }
    const { gradient_before, ...fetches } = await log.run(
      model,
      built.graph,
      accepted(built, feeds),
    )
    gradient = asFeed(gradient_before as Fetch)
    parts.unshift({ fetches, layout: built.layout })
  }
  return parts
}

export const streamingRunner: LensRunner = {
  async lens(model, options) {
    const log = new StreamLog()
    options.onComputing()
    const started = performance.now()
    const residuals = await forward(model, log, { ...options, edits: null })
    const graph = buildHeadGraph(model, options.plan.topK)
    const feeds = {
      ...lossFeeds(options.batch),
      after: residuals.at(-1) as Feed,
      answer_index: answerIndex(options.batch),
    }
    const head = await log.run(model, graph, feeds)
    const parts = await backwardParts(model, log, options, residuals, head)
    const elapsed = performance.now() - started
    const { openedIn } = log
    return { head, parts, graphDigest: log.digest, openedIn, computedIn: elapsed - openedIn }
  },
  async editedLosses(model, batch, edits, { beforeBlock, under }) {
    const log = new StreamLog()
    const residuals = await forward(model, log, { batch, edits, under, beforeBlock })
    const feeds = {
      ...lossFeeds(batch),
      after: residuals.at(-1) as Feed,
      answer_index: answerIndex(batch),
    }
    return log.run(model, buildHeadGraph(model, 1), feeds)
  },
}

const answerIndex = ({ firstScored }: Batch): Feed => ({
  type: 'int64',
  shape: [firstScored.length],
  data: BigInt64Array.from(firstScored, BigInt),
})
