// What MEMIT and AlphaEdit share: a wanted residual stream z for each request, reached step by step over several layers,
// each of which is written knowing what the layers before it already do.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import type { ComputeOptions, EditTrace } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterValues } from '../hyperparameters.js'
import { addressKey, lowRankDelta, type LowRankDelta } from '../matrix-delta.js'
import { makeContextTemplates } from './context-templates.js'
import type { EditLab } from './edit-lab.js'
import { optimizeValue } from './optimize-value.js'
import { placeInContexts } from './request-contexts.js'
import { valueSettings } from './value-hyperparameters.js'

/** One column of K for each request: its keys over contexts, the bare prompt counting as much as all others together. */
export type Keys = readonly Float64Array[]

/**
 * The factor of the input side of a layer's update, [in] for each request, from its keys (MEMIT: (lambda C + K K^T)^-1 K).
 */
export type SolveKeys = (address: MatrixAddress, keys: Keys) => Promise<Keys>

export interface SpreadResult {
  readonly deltas: readonly LowRankDelta[]
  readonly trace: readonly EditTrace[]
}

/** Wanted residual stream after the last layer at a request's lookup, [width]. */
interface Wanted {
  readonly value: Float64Array
  readonly trace: readonly EditTrace[]
}

/**
 * Optimises z for each request at the last layer and writes (z - h) / (layers left) into each layer in turn
 * (MEMIT, algorithm 1).
 */
export async function spreadResidual(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  options: ComputeOptions,
  solveKeys: SolveKeys,
): Promise<SpreadResult> {
  const layers = values['layers'] as readonly number[]
  const last = layers.at(-1) as number
  const contexts = await contextsOf(lab, values, options)
  const wanted: Wanted[] = []
  for (const [index, request] of requests.entries()) {
    const onProgress = (progress: Parameters<ComputeOptions['onProgress']>[0]): void =>
      options.onProgress({
        ...progress,
        stage: `optimising the value of request ${index + 1} of ${requests.length}`,
      })
    const told = { resources: options.resources, onProgress }
    wanted.push(await wantedResidual(lab, request, contexts, last, values, told))
  }
  const deltas: LowRankDelta[] = []
  for (const [index, layer] of layers.entries()) {
    const address = { layer, matrix: 'mlp.down' } as const
    const keys = await meanKeys(lab, requests, contexts, address, deltas)
    const reached = await residuals(lab, requests, last, deltas)
    const left = layers.length - index
    const targets = wanted.map(({ value }, request) =>
      value.map((one, at) => (one - (reached[request]?.[at] as number)) / left),
    )
    deltas.push(joinFactors(address, await solveKeys(address, keys), targets))
    options.onProgress({ stage: 'writing the layers', done: index + 1, total: layers.length })
  }
  return { deltas, trace: labelled(wanted) }
}

async function contextsOf(
  lab: EditLab,
  values: HyperparameterValues,
  { resources, seed }: ComputeOptions,
): Promise<readonly string[]> {
  const all =
    (await resources.contextTemplates?.('memit')) ??
    (await makeContextTemplates(lab.model, 'memit', { seed, signal: lab.signal }))
  return all.slice(0, values['contexts'] as number)
}

async function wantedResidual(
  lab: EditLab,
  request: PreparedEditRequest,
  contexts: readonly string[],
  layer: number,
  values: HyperparameterValues,
  options: Pick<ComputeOptions, 'resources' | 'onProgress'>,
): Promise<Wanted> {
  const [start] = await residuals(lab, [request], layer, [])
  const settings = valueSettings(values, layer)
  const begun = start as Float32Array
  const { delta, trace } = await optimizeValue(lab, request, begun, contexts, settings, options)
  return {
    value: Float64Array.from(begun, (value, index) => value + (delta[index] as number)),
    trace,
  }
}

/** The residual stream after `layer` at each request's lookup in its bare prompt, under `deltas`. */
async function residuals(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  layer: number,
  deltas: readonly LowRankDelta[],
): Promise<readonly Float32Array[]> {
  const { sequences } = await lab.run({
    sequences: requests.map(({ promptIds, lookup }) => ({ ids: promptIds, captured: [lookup] })),
    deltas,
    residuals: [layer],
  })
  return sequences.map(({ residuals: rows }) => rows.get(layer)?.[0] as Float32Array)
}

/** Keys of each request under `deltas`: half the bare prompt, half the mean over the sampled contexts. */
export async function meanKeys(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  contexts: readonly string[],
  address: MatrixAddress,
  deltas: readonly LowRankDelta[],
): Promise<Keys> {
  const placed = requests.map((request) => placeInContexts(lab.model, request, contexts))
  const { sequences } = await lab.run({
    sequences: placed.flatMap((all) => all.map(({ ids, lookup }) => ({ ids, captured: [lookup] }))),
    deltas,
    inputs: [address],
  })
  let next = 0
  return placed.map(({ length }) => {
    const rows = sequences
      .slice(next, next + length)
      .map(({ inputs }) => inputs.get(addressKey(address))?.[0] as Float32Array)
    next += length
    return weightedMean(rows)
  })
}

function weightedMean(rows: readonly Float32Array[]): Float64Array {
  const [bare, ...others] = rows
  const weight = others.length === 0 ? 1 : 0.5
  const mean = Float64Array.from(bare as Float32Array, (value) => weight * value)
  for (const row of others) {
    for (let index = 0; index < mean.length; index++) {
      mean[index] =
        (mean[index] as number) + ((1 - weight) * (row[index] as number)) / others.length
    }
  }
  return mean
}

/** U V with a column of U and a row of V for each request. */
function joinFactors(
  address: MatrixAddress,
  solved: Keys,
  targets: readonly Float64Array[],
): LowRankDelta {
  const rank = solved.length
  const width = (solved[0] as Float64Array).length
  const out = (targets[0] as Float64Array).length
  const u = new Float32Array(width * rank)
  const v = new Float32Array(rank * out)
  solved.forEach((column, k) => {
    for (let index = 0; index < width; index++) u[index * rank + k] = column[index] as number
    v.set(targets[k] as Float64Array, k * out)
  })
  return lowRankDelta({ address, rank, u, v })
}

const labelled = (wanted: readonly Wanted[]): readonly EditTrace[] =>
  wanted.length === 1
    ? (wanted[0] as Wanted).trace
    : wanted.flatMap(({ trace }, index) =>
        trace.map((one) => ({ ...one, name: `${one.name}, request ${index + 1}` })),
      )
