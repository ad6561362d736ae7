// Second half of the gradient check: the loss is measured with a small rank-1 change of one kind of matrix in all layers,
// fed through the edit inputs, and the central difference is compared with what the factors predict.
import type { MatrixAddress, MatrixName } from '../architectures/hook-points.js'
import { editInputName } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Feed } from '../runtime/ort.js'
import { float32 } from '../runtime/feeds.js'
import { makeBatch } from './batch-feeds.js'
import { directionOutput, predictedOutput } from './gradient-check-graph.js'
import type { LensEdits } from './lens-edits.js'
import type { LensRunner } from './lens-passes.js'
import type { GradientCheck } from './lens-result.js'
import type { PreparedPrompt } from './prepare-prompt.js'
import type { BeforeBlock } from './stream-watch.js'
import { floats, placeOf, type PromptView } from './unpack-result.js'

/** One matrix with its unit direction and the derivative of the loss along it. */
interface Direction {
  readonly address: MatrixAddress
  readonly u: Float32Array
  readonly v: Float32Array
  readonly derivative: number
}

/** Change of the loss, in nats, that the largest step of the difference should cause. */
const TARGET_CHANGE = 0.05
/** Longest step along the unit direction u v^T; beyond it the loss of a small model is far from a polynomial. */
const LONGEST_STEP = 0.02
/** Rows (elements x positions) measured at once, which bounds memory. */
const CHECK_ROWS = 512
/** Beyond this many positions the check takes two losses of each kind of matrix instead of four. */
const LONG_PROMPT = 64

interface StencilPoint {
  /** In units of the step size. */
  readonly step: number
  readonly weight: number
}

/** Central difference of fourth order. */
const fourPoints: readonly StencilPoint[] = [
  { step: -2, weight: 1 / 12 },
  { step: -1, weight: -8 / 12 },
  { step: 1, weight: 8 / 12 },
  { step: 2, weight: -1 / 12 },
]

/** Central difference of second order. */
const twoPoints: readonly StencilPoint[] = [
  { step: -1, weight: -1 / 2 },
  { step: 1, weight: 1 / 2 },
]

export interface CheckedPrompt {
  readonly prompt: PreparedPrompt
  /** What the model runs under; null for the model as it is. */
  readonly under: LensEdits | null
  /** Called before each block when the model runs block by block. */
  readonly beforeBlock: BeforeBlock
}

/** Forward passes the check of a prompt takes at most. @param kinds number of kinds of matrix */
export function checkPasses({ inputIds }: PreparedPrompt, kinds: number): number {
  return Math.ceil((kinds * stencilOf(inputIds.length).length) / elementsAtOnce(inputIds.length))
}

const stencilOf = (positions: number): readonly StencilPoint[] =>
  positions > LONG_PROMPT ? twoPoints : fourPoints

/** Elements of one batch. */
export const elementsAtOnce = (positions: number): number =>
  Math.max(1, Math.floor(CHECK_ROWS / positions))

/** Checks every kind of matrix of one prompt of a finished lens run. */
export async function checkGradients(
  model: LoadedModel,
  runner: LensRunner,
  views: readonly PromptView[],
  checked: CheckedPrompt,
): Promise<readonly GradientCheck[]> {
  const all = views.flatMap(directions)
  const kinds = [...new Set(all.map(({ address }) => address.matrix))]
  const plans = kinds.map((matrix) =>
    planSteps(
      matrix,
      all.filter((one) => one.address.matrix === matrix),
    ),
  )
  const active = plans.filter(({ stepSize }) => stepSize > 0)
  const sums = active.length === 0 ? [] : await measure(model, runner, checked, active)
  return plans.map((plan) => {
    const index = active.indexOf(plan)
    const measured = index < 0 ? 0 : (sums[index] as number) / plan.stepSize
    const scale = Math.max(Math.abs(plan.analytic), Math.abs(measured))
    const relativeError = scale === 0 ? 0 : Math.abs(measured - plan.analytic) / scale
    return { matrix: plan.matrix, analytic: plan.analytic, measured, relativeError }
  })
}

interface StepPlan {
  readonly matrix: MatrixName
  readonly directions: readonly Direction[]
  readonly analytic: number
  readonly stepSize: number
}

function planSteps(matrix: MatrixName, directions: readonly Direction[]): StepPlan {
  const analytic = directions.reduce((sum, { derivative }) => sum + derivative, 0)
  const stepSize = analytic > 0 ? Math.min(LONGEST_STEP, TARGET_CHANGE / (2 * analytic)) : 0
  return { matrix, directions, analytic, stepSize }
}

/** Unit directions whose derivatives are all positive, so that those of several layers never cancel. */
function directions(view: PromptView): readonly Direction[] {
  const { layout, fetches, prompt, batch } = view
  const checks = batch.prompts.length
  const direction = (value: number): Float32Array => {
    const { width, place } = placeOf(view, value)
    const start = (place * checks + prompt) * width
    return floats(fetches, directionOutput(width)).slice(start, start + width)
  }
  return layout.entries.map((entry, index) => {
    const [u, v] = [direction(entry.input), direction(entry.vjp)]
    const predicted = floats(fetches, predictedOutput)[index * checks + prompt] as number
    const norms = norm(u) * norm(v)
    const derivative = norms === 0 ? 0 : Math.abs(predicted) / norms
    return {
      address: entry.address,
      u: scaled(u, 1 / norm(u)),
      v: scaled(v, Math.sign(predicted) / norm(v)),
      derivative,
    }
  })
}

const norm = (vector: Float32Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))

const scaled = (vector: Float32Array, factor: number): Float32Array =>
  Number.isFinite(factor) ? vector.map((value) => value * factor) : new Float32Array(vector.length)

/** Weighted sums of the losses of every plan's stencil: one element of a batch for each step of each plan. */
async function measure(
  model: LoadedModel,
  runner: LensRunner,
  checked: CheckedPrompt,
  plans: readonly StepPlan[],
): Promise<readonly number[]> {
  const positions = checked.prompt.inputIds.length
  const stencil = stencilOf(positions)
  const elements = plans.flatMap((plan) =>
    stencil.map(({ step }) => ({ plan, size: step * plan.stepSize })),
  )
  const atOnce = elementsAtOnce(positions)
  const losses: number[] = []
  for (let start = 0; start < elements.length; start += atOnce) {
    const chunk = elements.slice(start, start + atOnce)
    losses.push(...(await measureLosses(model, runner, checked, chunk)))
  }
  return plans.map((_, plan) =>
    stencil.reduce(
      (sum, { weight }, point) => sum + weight * (losses[plan * stencil.length + point] as number),
      0,
    ),
  )
}

/** The loss of the prompt under each element's edit. */
async function measureLosses(
  model: LoadedModel,
  runner: LensRunner,
  { prompt, ...options }: CheckedPrompt,
  elements: readonly Element[],
): Promise<readonly number[]> {
  const batch = makeBatch(elements.map(() => prompt))
  const fetches = await runner.editedLosses(model, batch, editFeeds(model, elements), options)
  const losses = floats(fetches, 'losses')
  const scored = prompt.scored.length
  return elements.map((_, element) =>
    losses.subarray(element * scored, (element + 1) * scored).reduce((sum, loss) => sum + loss, 0),
  )
}

interface Element {
  readonly plan: StepPlan
  readonly size: number
}

/** U and V of every matrix of the model; zero where an element leaves the matrix alone. */
function editFeeds(model: LoadedModel, elements: readonly Element[]): Record<string, Feed> {
  const feeds: Record<string, Feed> = {}
  for (let layer = 0; layer < model.shape.layers; layer++) {
    for (const matrix of model.architecture.matrices) {
      const [width, out] = model.architecture.matrixWidths(model.shape, matrix, model.config)
      const left = new Float32Array(elements.length * width)
      const right = new Float32Array(elements.length * out)
      elements.forEach(({ plan, size }, element) => {
        const direction = plan.directions.find(
          ({ address }) => address.layer === layer && address.matrix === matrix,
        )
        if (direction === undefined) return
        left.set(scaled(direction.u, size), element * width)
        right.set(direction.v, element * out)
      })
      const name = editInputName({ layer, matrix })
      feeds[`${name}.U`] = float32(left, [elements.length, width, 1])
      feeds[`${name}.V`] = float32(right, [elements.length, 1, out])
    }
  }
  return feeds
}
