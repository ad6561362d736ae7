// Runs the lens: requests with equal plans share one graph and travel together in batches.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { MemoryPlan } from '../runtime/memory-estimate.js'
import { makeBatch, type Batch } from './batch-feeds.js'
import { assembleResult } from './assemble-result.js'
import { checkGradients, checkPasses } from './gradient-check.js'
import type { LensEdits } from './lens-edits.js'
import { wholeRunner, type LensPass, type LensRunner, type PassOptions } from './lens-passes.js'
import { makePlan, type LensPlan } from './lens-plan.js'
import type { LensRequest, LensResult } from './lens-result.js'
import { lengthGroup } from './length-group.js'
import { preparePrompt, type PreparedPrompt } from './prepare-prompt.js'
import { streamingRunner } from './stream-lens.js'
import { watchStream, type BeforeBlock, type LensProgress } from './stream-watch.js'
import { floats, type Fetches } from './unpack-result.js'

/** Stages of a run, in order. Forward, backward and projection are one call of the runtime. */
export type LensStage = 'loading' | 'computing' | 'projecting'

export interface RunLensOptions {
  readonly seed?: number
  /** Told when a stage begins and, when the model runs block by block, before each block. */
  readonly onStage?: (stage: LensStage, progress?: LensProgress) => void
  /** Edits the model runs under; the model as it is when absent. */
  readonly under?: LensEdits
  /** Aborting it ends a run that goes block by block before its next block. */
  readonly signal?: AbortSignal
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
  for (const group of batches(planned, model)) {
    const computed = await runBatch(model, group, options)
    group.forEach(({ index }, place) => results.set(index, computed[place] as LensResult))
  }
  return planned.map(({ index }) => results.get(index) as LensResult)
}

/** Groups by plan, keeps the order, and cuts before a batch would exceed its rows. */
function batches(
  planned: readonly Planned[],
  { shape }: LoadedModel,
): readonly (readonly Planned[])[] {
  const groups = new Map<string, Planned[][]>()
  for (const item of planned) {
    const key = JSON.stringify([item.plan, lengthGroup(shape, item.prompt.inputIds.length)])
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
  options: RunLensOptions,
): Promise<readonly LensResult[]> {
  const { seed = 0, onStage, under = null } = options
  const { plan } = group[0] as Planned
  const batch = makeBatch(group.map(({ prompt }) => prompt))
  const memory = model.planRun({
    ...plan,
    kinds: plan.matrices.length,
    batch: group.length,
    positions: batch.positions,
  })
  // Sessions of the whole graph are of no use to blocks, and fill the memory they need.
  if (memory.streaming) await model.dispose()
  const runner = memory.streaming ? streamingRunner : wholeRunner
  onStage?.('loading')
  const beforeBlock = watchBatch(model, plan, batch, options)
  const onComputing = () => onStage?.('computing')
  const passed = { plan, batch, seed, under, onComputing, beforeBlock }
  const pass = await runner.lens(model, passed)
  refuseNonFinite(pass.head)
  onStage?.('projecting')
  if (plan.gradientCheck && !memory.keepSessions) await model.dispose()
  const results: LensResult[] = []
  for (const index of batch.prompts.keys()) {
    results.push(await finishPrompt({ model, memory, runner, pass, ...passed }, index))
  }
  return results
}

interface FinishedPass extends PassOptions {
  readonly model: LoadedModel
  readonly memory: MemoryPlan
  readonly runner: LensRunner
  readonly pass: LensPass
}

/** Checks the gradients of one prompt of a batch and puts its result together. */
async function finishPrompt(finished: FinishedPass, index: number): Promise<LensResult> {
  const { model, plan, batch, runner, pass, under, beforeBlock, seed, memory } = finished
  const prompt = batch.prompts[index] as PreparedPrompt
  const head = { fetches: pass.head, batch, prompt: index, topK: plan.topK }
  const views = pass.parts.map((part) => ({ ...head, ...part }))
  const checkStarted = performance.now()
  const checks = plan.gradientCheck
    ? await checkGradients(model, runner, views, { prompt, under, beforeBlock })
    : []
  return assembleResult({
    model,
    plan,
    memory,
    head,
    views,
    prompt,
    checks,
    timings: {
      load: pass.openedIn,
      compute: pass.computedIn,
      check: performance.now() - checkStarted,
      batchSize: batch.prompts.length,
    },
    seed,
    graphDigest: pass.graphDigest,
    edits: under?.ids ?? [],
  })
}

/** Counts the blocks a batch takes when it goes block by block. */
function watchBatch(
  model: LoadedModel,
  plan: LensPlan,
  { prompts }: Batch,
  { onStage, signal }: RunLensOptions,
): BeforeBlock {
  const { layers } = model.shape
  const passes = plan.gradientCheck
    ? prompts.reduce((sum, prompt) => sum + checkPasses(prompt, plan.matrices.length), 0)
    : 0
  const onProgress = (progress: LensProgress) =>
    onStage?.(progress.pass === 'check' ? 'projecting' : 'computing', progress)
  const blocks = { forward: layers, backward: layers, check: passes * layers }
  return watchStream({ layers, blocks, onProgress, signal })
}

function refuseNonFinite(fetches: Fetches): void {
  const bad = floats(fetches, 'losses').find((loss) => !Number.isFinite(loss))
  if (bad === undefined) return
  throw new LensEngineError('NOT_FINITE', `the loss is ${bad}`, {
    details: { loss: String(bad) },
    cure: 'The weights or the prompt make this model overflow; check the weights with `lens models inspect`.',
  })
}
