// A method with its hyperparameters -> the time and memory its computation takes, estimated from what it reads and solves.
import type { MatrixName } from '../architectures/hook-points.js'
import type { EditMethod, EditMethodName } from '../edits/edit-method.js'
import type { PreparedEditRequest } from '../edits/edit-request.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { coveredMatrices } from '../resources/prepare-covariances.js'
import type { LoadedModel } from '../runtime/load-model.js'

/** Tokens read once forward; a pass forward and backward counts three times. */
type TokensRead = (request: PreparedEditRequest, values: HyperparameterValues) => number

/** Contexts a key or a value is taken over, the bare prompt and the essence included, and their own tokens. */
const CONTEXTS = { rome: { count: 22, tokens: 8 }, memit: { count: 7, tokens: 10 } } as const

const inContexts = (
  style: keyof typeof CONTEXTS,
  { promptIds, targetIds }: PreparedEditRequest,
): number => {
  const { count, tokens } = CONTEXTS[style]
  return count * (promptIds.length + targetIds.length + tokens)
}

const stepsOf = (values: HyperparameterValues): number => Number(values['steps'] ?? 1)

const once: TokensRead = ({ promptIds }) => promptIds.length

const tuned: TokensRead = ({ promptIds, targetIds }, values) =>
  3 * stepsOf(values) * (promptIds.length + targetIds.length)

const optimized =
  (style: keyof typeof CONTEXTS): TokensRead =>
  (request, values) => {
    const layers = Array.isArray(values['layers']) ? values['layers'].length : 1
    return (3 * stepsOf(values) + 2 * layers) * inContexts(style, request)
  }

const tokensRead: Readonly<Record<EditMethodName, TokensRead>> = {
  'no-edit': () => 0,
  'forward-shift': once,
  'random-layer': once,
  sgd: (request, values) => 3 * once(request, values),
  mend: (request, values) => 3 * once(request, values),
  ft: tuned,
  'ft-l': tuned,
  rome: optimized('rome'),
  'r-rome': optimized('rome'),
  memit: optimized('memit'),
  alphaedit: optimized('memit'),
}

export interface EditEstimate {
  readonly seconds: number
  /** Of the process while it computes. */
  readonly bytes: number
}

/** Multiplications and additions in float64 a second, to within a factor of two. */
const SOLVER_RATE = 5e8
const BYTES_OF_COVARIANCE = 16
/** The delta, its gradient, and Adam's two means in float64. */
const BYTES_OF_TUNED = 24

/** @param secondsPerToken of a pass forward, as measured on a prompt */
export function estimateCost(
  model: LoadedModel,
  method: EditMethod,
  values: HyperparameterValues,
  requests: readonly PreparedEditRequest[],
  secondsPerToken: number,
): EditEstimate {
  const read = tokensRead[method.name]
  const tokens = requests.reduce((sum, request) => sum + read(request, values), 0)
  const keys = method.needs.includes('key-covariance') ? coveredMatrices(values) : []
  const widths = keys.map(({ matrix }) => widthsOf(model, matrix)[0])
  const solving = widths.reduce((sum, width) => sum + width ** 3 / 3 / SOLVER_RATE, 0)
  const largest = requests.reduce((most, one) => Math.max(most, one.promptIds.length), 1)
  const style = method.needs.includes('context-templates') ? CONTEXTS.rome.count : 1
  const run = { batch: style, positions: largest, kinds: 1, vectors: false }
  const plan = { ...run, hiddenStates: false, gradientRank: false, gradientCheck: false }
  const tuned = values['matrix'] === undefined ? 0 : tunedBytes(model, values)
  const covariances = widths.reduce((sum, width) => sum + BYTES_OF_COVARIANCE * width ** 2, 0)
  return {
    seconds: tokens * secondsPerToken + solving,
    bytes: model.planRun(plan).estimate.total + covariances + tuned,
  }
}

const widthsOf = (
  { architecture, shape, config }: LoadedModel,
  matrix: MatrixName,
): readonly [number, number] => architecture.matrixWidths(shape, matrix, config)

function tunedBytes(model: LoadedModel, values: HyperparameterValues): number {
  const [width, out] = widthsOf(model, values['matrix'] as MatrixName)
  return BYTES_OF_TUNED * width * out
}
