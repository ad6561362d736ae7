// How a batch is computed: the whole graph in one call, or (stream-lens.ts) one block after the other.
import type { LoadedModel } from '../runtime/load-model.js'
import type { Feed } from '../runtime/ort.js'
import { checkFeeds, lossFeeds, projectionFeeds, type Batch } from './batch-feeds.js'
import { buildEditedLossGraph } from './edited-loss-graph.js'
import type { LensEdits } from './lens-edits.js'
import { buildLensGraph } from './lens-graph.js'
import type { LensLayout } from './lens-outputs.js'
import type { LensPlan } from './lens-plan.js'
import type { BeforeBlock } from './stream-watch.js'
import type { Fetches } from './unpack-result.js'

/** Outputs of one graph with their layout; the whole model has one part, a streamed one a part for each layer. */
export interface LensPart {
  readonly fetches: Fetches
  readonly layout: LensLayout
}

export interface LensPass {
  /** Outputs `losses` and `next.*`. */
  readonly head: Fetches
  /** In order of layers. */
  readonly parts: readonly LensPart[]
  readonly graphDigest: string
  /** Milliseconds spent opening sessions, and computing. */
  readonly openedIn: number
  readonly computedIn: number
}

export interface PassOptions {
  readonly plan: LensPlan
  readonly batch: Batch
  readonly seed: number
  /** What the model runs under; null for the model as it is. */
  readonly under: LensEdits | null
  /** Called when sessions are open and the computation begins. */
  readonly onComputing: () => void
  /** Called before each block when the run goes block by block. */
  readonly beforeBlock: BeforeBlock
}

/** The two computations a lens needs, in one of two ways. */
export interface LensRunner {
  lens(model: LoadedModel, options: PassOptions): Promise<LensPass>
  /** Losses [scored] of a batch with low-rank edits `<layers.l.matrix>.U` and `.V` of every matrix. */
  editedLosses(
    model: LoadedModel,
    batch: Batch,
    edits: Readonly<Record<string, Feed>>,
    options: Pick<PassOptions, 'beforeBlock' | 'under'>,
  ): Promise<Fetches>
}

const layoutsByModel = new WeakMap<LoadedModel, Map<string, LensLayout>>()

/** Layouts live as long as their model. */
function layoutsOf(model: LoadedModel): Map<string, LensLayout> {
  const known = layoutsByModel.get(model) ?? new Map<string, LensLayout>()
  layoutsByModel.set(model, known)
  return known
}

/** Sessions of the edited model beside those of the model as it is. */
const keyUnder = (key: string, under: LensEdits | null): string =>
  under === null ? key : `${key} under ${under.key}`

async function openWhole(model: LoadedModel, plan: LensPlan, under: LensEdits | null) {
  const key = keyUnder(`lens ${JSON.stringify(plan)}`, under)
  const layouts = layoutsOf(model)
  const opened = await model.session(key, () => {
    const { graph, layout } = buildLensGraph(model, plan, under)
    layouts.set(key, layout)
    return graph
  })
  return { opened, layout: layouts.get(key) as LensLayout }
}

/** Feeds of everything a layout shows besides the loss. */
export function outputFeeds(
  model: LoadedModel,
  layout: LensLayout,
  { plan, batch, seed }: PassOptions,
): Record<string, Feed> {
  const vectors = batch.rows * (layout.projected.length + layout.hidden.length)
  return {
    ...projectionFeeds(batch, vectors, model.shape.vocabularySize),
    ...(plan.gradientCheck ? checkFeeds(batch, seed) : {}),
  }
}

/** Forward, backward and projection in one call of the runtime. */
export const wholeRunner: LensRunner = {
  async lens(model, options) {
    const { opened, layout } = await openWhole(model, options.plan, options.under)
    options.onComputing()
    const started = performance.now()
    const fetches = await opened.session.run({
      ...lossFeeds(options.batch),
      ...outputFeeds(model, layout, options),
      ...options.under?.feeds,
    })
    return {
      head: fetches,
      parts: [{ fetches, layout }],
      graphDigest: opened.graphDigest,
      openedIn: opened.openedIn,
      computedIn: performance.now() - started,
    }
  },
  async editedLosses(model, batch, edits, { under }) {
    const key = keyUnder('edited-loss', under)
    const { session } = await model.session(key, () => buildEditedLossGraph(model, under))
    return session.run({ ...lossFeeds(batch), ...edits, ...under?.feeds })
  },
}
