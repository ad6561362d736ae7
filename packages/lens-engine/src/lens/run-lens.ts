// Runs the lens: requests with equal plans share one graph and travel together in batches.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { checkFeeds, lossFeeds, makeBatch, projectionFeeds, type Batch } from './batch-feeds.js'
import { assembleResult } from './assemble-result.js'
import { checkGradients } from './gradient-check.js'
import { buildLensGraph, type LensLayout, type LensPlan } from './lens-graph.js'
import { makePlan } from './lens-plan.js'
import type { LensRequest, LensResult } from './lens-result.js'
import { preparePrompt, type PreparedPrompt } from './prepare-prompt.js'
import { floats, type Fetches, type PromptView } from './unpack-result.js'

/** Stages of a run, in order. Forward, backward and projection are one call of the runtime. */
export type LensStage = 'loading' | 'computing' | 'projecting'

export interface RunLensOptions {
  readonly seed?: number
  readonly onStage?: (stage: LensStage) => void
}

/** Rows (prompts x positions) of one batch at most; a longer prompt is a batch of its own. */
const BATCH_ROWS = 512

interface Planned {
  readonly index: number
  readonly request: LensRequest
  readonly plan: LensPlan
  readonly prompt: PreparedPrompt
}

/**
 * One result per request, in order. Everything is validated before anything is computed.
 * @throws the errors of `preparePrompt` and `makePlan`; NOT_FINITE when the model yields NaN or infinity
 */
export async function runLens(
  model: LoadedModel,
  requests: readonly LensRequest[],
  options: RunLensOptions = {},
): Promise<readonly LensResult[]> {
  const planned = requests.map((request, index) => ({
    index,
    request,
    plan: makePlan(model, request),
    prompt: preparePrompt(model, request),
  }))
  const results = new Map<number, LensResult>()
  for (const group of batches(planned)) {
    const computed = await runBatch(model, group, options)
    group.forEach(({ index }, place) => results.set(index, computed[place] as LensResult))
  }
  return planned.map(({ index }) => results.get(index) as LensResult)
}

/** Groups by plan, keeps the order, and cuts before a batch would exceed its rows. */
function batches(planned: readonly Planned[]): readonly (readonly Planned[])[] {
  const groups = new Map<string, Planned[][]>()
  for (const item of planned) {
    const key = JSON.stringify(item.plan)
    const list = groups.get(key) ?? [[]]
    groups.set(key, list)
    const last = list.at(-1) as Planned[]
    const longest = Math.max(...[...last, item].map(({ prompt }) => prompt.inputIds.length))
    if (last.length > 0 && longest * (last.length + 1) > BATCH_ROWS) list.push([item])
    else last.push(item)
  }
  return [...groups.values()].flat()
}

async function runBatch(
  model: LoadedModel,
  group: readonly Planned[],
  { seed = 0, onStage }: RunLensOptions,
): Promise<readonly LensResult[]> {
  const { plan } = group[0] as Planned
  const batch = makeBatch(group.map(({ prompt }) => prompt))
  onStage?.('loading')
  const { layout, opened } = await openLens(model, plan)
  onStage?.('computing')
  const started = performance.now()
  const fetches = await opened.session.run(feedsFor(model, plan, layout, batch, seed))
  const computedIn = performance.now() - started
  refuseNonFinite(fetches)
  onStage?.('projecting')
  const results: LensResult[] = []
  for (const [index, prompt] of batch.prompts.entries()) {
    const view: PromptView = { fetches, layout, batch, prompt: index, topK: plan.topK }
    const checkStarted = performance.now()
    const checks = plan.gradientCheck ? await checkGradients(model, view, prompt) : []
    const timings = {
      load: opened.openedIn,
      compute: computedIn,
      check: performance.now() - checkStarted,
      batchSize: batch.prompts.length,
    }
    const { graphDigest } = opened
    results.push(assembleResult({ model, plan, view, prompt, checks, timings, seed, graphDigest }))
  }
  return results
}

async function openLens(model: LoadedModel, plan: LensPlan) {
  const key = `lens ${JSON.stringify(plan)}`
  const known = layouts(model)
  const opened = await model.session(key, () => {
    const { graph, layout } = buildLensGraph(model, plan)
    known.set(key, layout)
    return graph
  })
  return { opened, layout: known.get(key) as LensLayout }
}

const layoutsByModel = new WeakMap<LoadedModel, Map<string, LensLayout>>()

/** Layouts live as long as their model. */
function layouts(model: LoadedModel): Map<string, LensLayout> {
  const known = layoutsByModel.get(model) ?? new Map<string, LensLayout>()
  layoutsByModel.set(model, known)
  return known
}

function feedsFor(
  model: LoadedModel,
  plan: LensPlan,
  layout: LensLayout,
  batch: Batch,
  seed: number,
) {
  const vectors = batch.rows * (layout.projected.length + layout.hiddenLayers)
  return {
    ...lossFeeds(batch),
    ...projectionFeeds(batch, vectors, model.shape.vocabularySize),
    ...(plan.gradientCheck ? checkFeeds(batch, seed) : {}),
  }
}

function refuseNonFinite(fetches: Fetches): void {
  const bad = floats(fetches, 'losses').find((loss) => !Number.isFinite(loss))
  if (bad === undefined) return
  throw new LensEngineError('NOT_FINITE', `the loss is ${bad}`, {
    details: { loss: String(bad) },
    cure: 'The weights or the prompt make this model overflow; check the weights with `lens models inspect`.',
  })
}
