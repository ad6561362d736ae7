// v* of ROME (eq. 4) and z of MEMIT (eq. 16): a vector added where the subject is looked up, such that the model says the
// target in every context while "{subject} is a" stays as it was. Adam on our side, gradients by the graph.
import { createHash } from 'node:crypto'
import type { ComputeOptions, EditTrace, OptimizedValue } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import { Adam } from './adam.js'
import type { EditLab } from './edit-lab.js'
import { placeEssence, placeInContexts } from './request-contexts.js'
import { openValuePasses, type MeasuredValue, type ValueText } from './value-passes.js'

export interface ValueSettings {
  readonly layer: number
  readonly steps: number
  readonly learningRate: number
  readonly weightDecay: number
  readonly klFactor: number
  /** |delta| stays at most this times |v0|. */
  readonly clampFactor: number
  /** The optimisation ends below this loss, in nats. */
  readonly stopLoss: number
}

interface Losses {
  readonly nll: number
  readonly kl: number
  readonly decay: number
  readonly total: number
}

/**
 * The value, or the one that `resources.values` holds of an equal optimisation.
 * @param start v0, whose norm scales the clamp and the weight decay, [width]
 * @throws NOT_FINITE, RUN_CANCELLED
 */
export async function optimizeValue(
  lab: EditLab,
  request: PreparedEditRequest,
  start: Float32Array,
  contexts: readonly string[],
  settings: ValueSettings,
  { resources: { values }, onProgress }: Pick<ComputeOptions, 'resources' | 'onProgress'>,
): Promise<OptimizedValue> {
  const key = values === undefined ? '' : digestOf(request, start, contexts, settings)
  const known = values?.get(key)
  if (known !== undefined) return known
  const texts = valueTexts(lab, request, contexts, settings)
  const passes = await openValuePasses(lab, texts, settings.layer)
  const startNorm = norm(start)
  const delta = new Float32Array(start.length)
  // Its own weight decay stays off: the loss has one of another form.
  const adam = new Adam(delta.length, { learningRate: settings.learningRate })
  const curve: Losses[] = []
  const { steps, stopLoss, weightDecay, clampFactor } = settings
  for (let step = 0; step < steps; step++) {
    const measured = await passes.measure(delta)
    const losses = addUp(measured, norm(delta), startNorm, settings)
    curve.push(losses)
    onProgress({
      stage: 'optimising the value',
      done: step + 1,
      total: steps,
      loss: losses.total,
    })
    if (losses.total < stopLoss || step === steps - 1) break
    adam.step(delta, slopeOf(measured, delta, startNorm, weightDecay))
    clamp(delta, clampFactor * startNorm)
  }
  const found = { delta, trace: traceOf(curve) }
  values?.set(key, found)
  return found
}

function digestOf(
  { request }: PreparedEditRequest,
  start: Float32Array,
  contexts: readonly string[],
  settings: ValueSettings,
): string {
  const hash = createHash('sha256').update(JSON.stringify([request, contexts, settings]))
  return hash.update(start).digest('hex')
}

/** Rewriting prompts in every context, the target teacher-forced, and the essence prompt against the unchanged model. */
function valueTexts(
  lab: EditLab,
  request: PreparedEditRequest,
  contexts: readonly string[],
  { klFactor }: ValueSettings,
): readonly ValueText[] {
  const placed = placeInContexts(lab.model, request, contexts)
  const { targetIds } = request
  const weight = 1 / (placed.length * targetIds.length)
  const rewriting = placed.map(({ ids, lookup }) => ({
    ids: [...ids, ...targetIds.slice(0, -1)],
    lookup,
    scored: targetIds.map((token, index) => ({
      position: ids.length - 1 + index,
      token,
      weight,
    })),
    divergence: 0,
  }))
  const { ids, lookup } = placeEssence(lab.model, request)
  // It is read at the lookup, so what follows there changes nothing.
  const essence = { ids: ids.slice(0, lookup + 1), lookup, scored: [], divergence: klFactor }
  return [...rewriting, essence]
}

function addUp(
  { nll, kl }: MeasuredValue,
  deltaNorm: number,
  startNorm: number,
  { weightDecay }: ValueSettings,
): Losses {
  const decay = (weightDecay * deltaNorm) / startNorm ** 2
  return { nll, kl, decay, total: nll + kl + decay }
}

/** The gradient with that of the weight decay, |delta| / |v0|^2, whose slope at zero is taken as zero. */
function slopeOf(
  { gradient }: MeasuredValue,
  delta: Float32Array,
  startNorm: number,
  weightDecay: number,
): Float64Array {
  const size = norm(delta)
  const scale = size === 0 ? 0 : weightDecay / (size * startNorm ** 2)
  return Float64Array.from(gradient, (slope, index) => slope + scale * (delta[index] as number))
}

function clamp(delta: Float32Array, limit: number): void {
  const size = norm(delta)
  if (size <= limit) return
  for (let index = 0; index < delta.length; index++) {
    delta[index] = ((delta[index] as number) * limit) / size
  }
}

export const norm = (vector: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < vector.length; index++) sum += (vector[index] as number) ** 2
  return Math.sqrt(sum)
}

function traceOf(curve: readonly Losses[]): readonly EditTrace[] {
  const series = (name: string, pick: (losses: Losses) => number): EditTrace => ({
    name,
    unit: 'nats',
    values: curve.map(pick),
  })
  return [
    series('loss', ({ total }) => total),
    series('loss of the target', ({ nll }) => nll),
    series('loss of the divergence', ({ kl }) => kl),
    series('loss of the weight decay', ({ decay }) => decay),
  ]
}
