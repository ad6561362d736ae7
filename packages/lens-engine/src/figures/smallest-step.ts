// A prompt and the factors of its gradient -> the smallest step, layer by layer, after which the model says the target
// (Backward Lens, appendix I.1 and figure 26).
import type { PreparedEditRequest } from '../edits/edit-request.js'
import { readDecoderRows } from '../edits/shared/decoder-rows.js'
import { LensEngineError } from '../errors.js'
import type { FactorVectors } from '../lens/lens-result.js'
import { float32, int64 } from '../runtime/feeds.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { SmallestSteps, StepMethod } from './prompt-observation.js'
import {
  newSearch,
  searchAll,
  stepGrid,
  type Outcome,
  type StepSearch,
  type Trial,
} from './step-search.js'
import { buildShiftedNextGraph } from './shifted-next-graph.js'

/** Rows (prompts x positions) of one pass. */
const BATCH_ROWS = 512

interface StepOptions {
  readonly signal?: AbortSignal | undefined
}

/** One edit at one layer. */
interface StepEdit extends StepSearch {
  readonly method: StepMethod
  readonly layer: number
  /** What a step of 1 adds to the output of `mlp.down` at every position, [positions, width]. */
  readonly change: Float32Array
}

/**
 * Tries one step of each method, alone in one layer, on `mlp.down`, and reads whether the target's first token becomes the
 * most probable one after the same prompt. Both changes are outer products, so what they do to this prompt is an addition to
 * the output of the matrix: for a step eta, position p gains
 * - `forward-shift`: eta (x_n . x_p) D_target, n the last position
 * - `sgd`: -eta sum_k (x_k . x_p) delta_k
 *
 * The scan goes up the grid in factors of 4 to the first success, and the gap below it is bisected. Where none succeeds, the
 * steps around the one that came closest are tried: a large step breaks the model, so a range of steps that succeed can be
 * narrower than the scan. A success that lies further down beside failures can be missed.
 * @param down X and Delta of `mlp.down` by layer
 * @throws RUN_CANCELLED
 */
export async function findSmallestSteps(
  model: LoadedModel,
  prepared: PreparedEditRequest,
  down: readonly FactorVectors[],
  { signal }: StepOptions = {},
): Promise<{ readonly known: boolean; readonly methods: readonly SmallestSteps[] }> {
  const target = prepared.targetIds[0] as number
  const [decoder] = (await readDecoderRows(model, [target])) as [Float32Array]
  const searches = down.flatMap((vectors): readonly StepEdit[] => [
    startSearch('forward-shift', vectors, shiftRows(vectors, decoder)),
    startSearch('sgd', vectors, descentRows(vectors)),
  ])
  const tryAll = (trials: readonly Trial<StepEdit>[]) => runTrials(model, prepared, trials, signal)
  const known = await saysTarget(model, prepared)
  if (!known) await searchAll(searches, tryAll)
  const methods = (['forward-shift', 'sgd'] as const).map((method) => ({
    method,
    byLayer: searches
      .filter((one) => one.method === method)
      .map(({ succeeded }) => (succeeded === null ? null : (stepGrid[succeeded] as number))),
  }))
  return { known, methods }
}

const startSearch = (
  method: StepMethod,
  { layer }: Pick<FactorVectors, 'layer'>,
  change: Float32Array,
): StepEdit => ({ ...newSearch(change.some((value) => value !== 0)), method, layer, change })

/** Whether the target is the answer without an edit. */
async function saysTarget(model: LoadedModel, prepared: PreparedEditRequest): Promise<boolean> {
  const nothing = new Float32Array(prepared.promptIds.length * model.shape.width)
  const search = startSearch('sgd', { layer: 0 }, nothing)
  const [outcome] = await runTrials(model, prepared, [{ search, place: 0 }], undefined)
  return outcome?.success === true
}

async function runTrials(
  model: LoadedModel,
  prepared: PreparedEditRequest,
  trials: readonly Trial<StepEdit>[],
  signal: AbortSignal | undefined,
): Promise<readonly Outcome[]> {
  const { session } = await model.session('shifted-next', () => buildShiftedNextGraph(model))
  const together = Math.max(1, Math.floor(BATCH_ROWS / prepared.promptIds.length))
  const outcomes: Outcome[] = []
  for (let start = 0; start < trials.length; start += together) {
    if (signal?.aborted === true) throw cancelled()
    const batch = trials.slice(start, start + together)
    const fetches = await session.run(trialFeeds(model, prepared, batch))
    const ids = fetches['next.id']?.data as Int32Array
    const margins = fetches['margin']?.data as Float32Array
    ids.forEach((id, index) => {
      const margin = margins[index] as number
      outcomes.push({ success: id === prepared.targetIds[0], margin })
    })
  }
  return outcomes
}

function trialFeeds(
  { shape }: LoadedModel,
  { promptIds, targetIds }: PreparedEditRequest,
  batch: readonly Trial<StepEdit>[],
) {
  const positions = promptIds.length
  const rows = batch.length * positions
  const shift = new Float32Array(rows * shape.width)
  const gates = new Float32Array(shape.layers * rows)
  batch.forEach(({ search, place }, index) => {
    const step = stepGrid[place] as number
    const first = index * positions
    for (let at = 0; at < search.change.length; at++) {
      shift[first * shape.width + at] = step * (search.change[at] as number)
    }
    gates.fill(1, search.layer * rows + first, search.layer * rows + first + positions)
  })
  return {
    token_ids: int64(
      batch.flatMap(() => promptIds),
      [batch.length, positions],
    ),
    position_ids: int64([...Array(positions).keys()], [positions]),
    last_rows: int64(
      batch.map((_, index) => (index + 1) * positions - 1),
      [batch.length],
    ),
    targets: int64(
      batch.map(() => targetIds[0] as number),
      [batch.length, 1],
    ),
    shift: float32(shift, [rows, shape.width]),
    gates: float32(gates, [shape.layers, rows]),
  }
}

/** (x_n . x_p) D_target for every position p. */
function shiftRows({ input, inputWidth }: FactorVectors, decoder: Float32Array): Float32Array {
  const positions = input.length / inputWidth
  const change = new Float32Array(positions * decoder.length)
  for (let position = 0; position < positions; position++) {
    const product = dot(input, positions - 1, position, inputWidth)
    decoder.forEach((value, at) => (change[position * decoder.length + at] = product * value))
  }
  return change
}

/** -sum_k (x_k . x_p) delta_k for every position p. */
function descentRows({ input, inputWidth, vjp, vjpWidth }: FactorVectors): Float32Array {
  const positions = input.length / inputWidth
  const change = new Float32Array(positions * vjpWidth)
  for (let position = 0; position < positions; position++) {
    for (let k = 0; k < positions; k++) {
      const product = dot(input, k, position, inputWidth)
      for (let at = 0; at < vjpWidth; at++) {
        const place = position * vjpWidth + at
        change[place] = (change[place] as number) - product * (vjp[k * vjpWidth + at] as number)
      }
    }
  }
  return change
}

function dot(rows: Float32Array, a: number, b: number, width: number): number {
  let sum = 0
  for (let at = 0; at < width; at++) {
    sum += (rows[a * width + at] as number) * (rows[b * width + at] as number)
  }
  return sum
}

const cancelled = (): LensEngineError =>
  new LensEngineError('RUN_CANCELLED', 'the search for the smallest step was cancelled', {
    cure: 'Start it again if you want it.',
  })
