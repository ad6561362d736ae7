// ROME: one outer product in one mlp.down, so that the subject's key gives the value that makes the model say the target.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import { LensEngineError } from '../../errors.js'
import type {
  ComputeOptions,
  EditMethod,
  EditNeed,
  EditResources,
  MethodResult,
} from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterValues } from '../hyperparameters.js'
import { addressKey, outerProduct } from '../matrix-delta.js'
import { makeContextTemplates } from '../shared/context-templates.js'
import { needCovariance, solveCovariance } from '../shared/covariance-solver.js'
import type { EditLab } from '../shared/edit-lab.js'
import { norm, optimizeValue } from '../shared/optimize-value.js'
import { placeInContexts } from '../shared/request-contexts.js'
import { valueSettings } from '../shared/value-hyperparameters.js'
import { deriveRomeDefaults, romeHyperparameters, type KeyChoice } from './rome-hyperparameters.js'

const needs: readonly EditNeed[] = ['key-covariance', 'context-templates']

export const rome: EditMethod = {
  name: 'rome',
  title: 'ROME',
  description:
    "Takes the MLP of one layer as a memory of keys and values. The key is what enters mlp.down at the subject's last token, averaged over contexts; the value is optimised so that the model says the target; a rank-one change makes the memory answer that key with that value while keys of a corpus change least.",
  source:
    "Meng et al. 2022 (Locating and Editing Factual Associations in GPT), section 3.1 and appendix E.5; the authors' code where the two differ.",
  hyperparameters: romeHyperparameters('original'),
  needs,
  requestsPerEdit: 'one',
  deriveDefaults: deriveRomeDefaults('original'),
  compute,
}

export const rRome: EditMethod = {
  ...rome,
  name: 'r-rome',
  title: 'r-ROME',
  description:
    'ROME with the mean key over contexts in every place of the update. The published code divides by the product with the key of the bare prompt instead, which is sometimes close to zero and then breaks the model.',
  source: 'Gupta et al. 2024 (Rebuilding ROME, arXiv 2403.07175).',
  hyperparameters: romeHyperparameters('mean'),
  deriveDefaults: deriveRomeDefaults('mean'),
}

/** Below this share of |k| |u|, the divisor makes an update that is likely to break the model. */
const SMALL_DIVISOR = 0.05

async function compute(
  lab: EditLab,
  [request]: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  options: ComputeOptions,
): Promise<MethodResult> {
  const prepared = request as PreparedEditRequest
  const layer = values['layer'] as number
  const address = { layer, matrix: 'mlp.down' } as const
  const contexts = await contextsOf(lab, values, options)
  const memory = await readMemory(lab, prepared, contexts, address)
  const choice = values['keys'] as KeyChoice
  const direction = await directionOf(
    choice === 'prompt' ? memory.bareKey : memory.meanKey,
    address,
    values,
    options.resources,
  )
  const settings = valueSettings(values, layer)
  const { delta, trace } = await optimizeValue(
    lab,
    prepared,
    memory.bareOutput,
    contexts,
    settings,
    options,
  )
  const [key, output] =
    choice === 'mean' ? [memory.meanKey, memory.meanOutput] : [memory.bareKey, memory.bareOutput]
  const divisor = dot(key, direction)
  const residual = residualOf(memory.bareOutput, delta, output, divisor)
  const share = Math.abs(divisor) / norm(key)
  return {
    outcome: { kind: 'edited' },
    deltas: [outerProduct(address, Float32Array.from(direction), residual)],
    trace: [...trace, { name: 'divisor, as a share of |k| |u|', unit: '', values: [share] }],
    warnings:
      share < SMALL_DIVISOR
        ? [
            `the divisor is ${share.toPrecision(2)} of |k| |u|: the update is large and may break the model`,
          ]
        : [],
  }
}

async function contextsOf(
  lab: EditLab,
  values: HyperparameterValues,
  { resources, seed }: ComputeOptions,
): Promise<readonly string[]> {
  const all =
    (await resources.contextTemplates?.('rome')) ??
    (await makeContextTemplates(lab.model, 'rome', { seed, signal: lab.signal }))
  return all.slice(0, values['contexts'] as number)
}

/** Keys and outputs (bias included) of the matrix at the subject's last token. */
interface Memory {
  readonly bareKey: Float64Array
  readonly meanKey: Float64Array
  readonly bareOutput: Float32Array
  readonly meanOutput: Float32Array
}

/** @param contexts the first is the bare prompt */
async function readMemory(
  lab: EditLab,
  request: PreparedEditRequest,
  contexts: readonly string[],
  address: MatrixAddress,
): Promise<Memory> {
  const placed = placeInContexts(lab.model, request, contexts)
  const { sequences } = await lab.run({
    sequences: placed.map(({ ids, lookup }) => ({ ids, captured: [lookup] })),
    inputs: [address],
    outputs: [address],
  })
  const rows = (kind: 'inputs' | 'outputs') =>
    sequences.map((one) => one[kind].get(addressKey(address))?.[0] as Float32Array)
  const [keys, outputs] = [rows('inputs'), rows('outputs')]
  return {
    bareKey: Float64Array.from(keys[0] as Float32Array),
    meanKey: meanOf(keys),
    bareOutput: outputs[0] as Float32Array,
    meanOutput: Float32Array.from(meanOf(outputs)),
  }
}

export function meanOf(rows: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array((rows[0] as Float32Array).length)
  for (const row of rows) {
    for (let index = 0; index < mean.length; index++) {
      mean[index] = (mean[index] as number) + (row[index] as number) / rows.length
    }
  }
  return mean
}

/** u = C^-1 k / |C^-1 k| (ROME, eq. 2). */
async function directionOf(
  key: Float64Array,
  address: MatrixAddress,
  values: HyperparameterValues,
  resources: EditResources,
): Promise<Float64Array> {
  const solved =
    values['useCovariance'] === true
      ? solveCovariance(await needCovariance(resources, address), values['ridge'] as number, key)
      : key
  const size = norm(solved)
  return solved.map((value) => value / size)
}

/** r = (v0 + delta - W k) / (k . u). @throws NOT_FINITE when the divisor is zero */
function residualOf(
  start: Float32Array,
  delta: Float32Array,
  output: Float32Array,
  divisor: number,
): Float32Array {
  if (divisor === 0 || !Number.isFinite(divisor)) {
    throw new LensEngineError('NOT_FINITE', `the key times the direction is ${divisor}`, {
      details: { divisor: String(divisor) },
      cure: 'Use r-rome, another layer, or a covariance from more tokens.',
    })
  }
  return start.map(
    (value, index) => (value + (delta[index] as number) - (output[index] as number)) / divisor,
  )
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}
