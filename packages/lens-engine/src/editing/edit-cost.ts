// A method with its hyperparameters -> the time and memory its computation takes, estimated from what it reads and solves.
import type { MatrixName } from '../architectures/hook-points.js'
import type { EditMethod, EditMethodName } from '../edits/edit-method.js'
import type { PreparedEditRequest } from '../edits/edit-request.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { coveredMatrices } from '../resources/prepare-covariances.js'
import type { LoadedModel } from '../runtime/load-model.js'

/** Passes forward, of so many sequences each; a pass forward and backward counts three times. */
export interface EditWork {
  readonly passes: number
  readonly sequences: number
}

type WorkOf = (values: HyperparameterValues) => EditWork

/** Contexts a key or a value is taken over, the bare prompt and the essence included. */
const CONTEXTS = { rome: 22, memit: 7 } as const

const stepsOf = (values: HyperparameterValues): number => Number(values['steps'] ?? 1)

const forward: WorkOf = () => ({ passes: 1, sequences: 1 })
const backward: WorkOf = () => ({ passes: 3, sequences: 1 })
const tuned: WorkOf = (values) => ({ passes: 3 * stepsOf(values), sequences: 1 })

const optimized =
  (style: keyof typeof CONTEXTS): WorkOf =>
  (values) => {
    const layers = Array.isArray(values['layers']) ? values['layers'].length : 1
    return { passes: 3 * stepsOf(values) + 2 * layers, sequences: CONTEXTS[style] }
  }

const works: Readonly<Record<EditMethodName, WorkOf>> = {
  'no-edit': () => ({ passes: 0, sequences: 1 }),
  'forward-shift': forward,
  'random-layer': forward,
  'scale-neuron': () => ({ passes: 0, sequences: 1 }),
  sgd: backward,
  mend: backward,
  ft: tuned,
  'ft-l': tuned,
  rome: optimized('rome'),
  'r-rome': optimized('rome'),
  memit: optimized('memit'),
  alphaedit: optimized('memit'),
}

/** At most, for each request: an optimisation may end early. */
export const workOf = (method: EditMethod, values: HyperparameterValues): EditWork =>
  works[method.name](values)

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

/** @param secondsPerPass of a pass forward over the sequences of `workOf`, as measured */
export function estimateCost(
  model: LoadedModel,
  method: EditMethod,
  values: HyperparameterValues,
  requests: readonly PreparedEditRequest[],
  secondsPerPass: number,
): EditEstimate {
  const { passes, sequences } = workOf(method, values)
  const keys = method.needs.includes('key-covariance') ? coveredMatrices(values) : []
  const widths = keys.map(({ matrix }) => widthsOf(model, matrix)[0])
  const solving = widths.reduce((sum, width) => sum + width ** 3 / 3 / SOLVER_RATE, 0)
  const largest = requests.reduce((most, one) => Math.max(most, one.promptIds.length), 1)
  const run = { batch: sequences, positions: largest, kinds: 1, vectors: false }
  const plan = { ...run, hiddenStates: false, gradientRank: false, gradientCheck: false }
  const tuned = values['matrix'] === undefined ? 0 : tunedBytes(model, values)
  const covariances = widths.reduce((sum, width) => sum + BYTES_OF_COVARIANCE * width ** 2, 0)
  return {
    seconds: requests.length * passes * secondsPerPass + solving,
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
