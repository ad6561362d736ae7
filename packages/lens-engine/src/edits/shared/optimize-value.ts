// v* of ROME (eq. 4) and z of MEMIT (eq. 16): a vector added where the subject is looked up, such that the model says the
// target in every context while "{subject} is a" stays as it was. Adam on our side, gradients by the graph.
import type { EditProgress, EditTrace } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import { Adam } from './adam.js'
import type { EditLab } from './edit-lab.js'
import type { PassResult, PassSequence } from './pass-request.js'
import { placeEssence, placeInContexts } from './request-contexts.js'

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

export interface OptimizedValue {
  /** What is added to the output of the matrix, [width]. */
  readonly delta: Float32Array
  readonly trace: readonly EditTrace[]
}

interface Losses {
  readonly nll: number
  readonly kl: number
  readonly decay: number
  readonly total: number
}

/**
 * @param start v0, whose norm scales the clamp and the weight decay, [width]
 * @throws NOT_FINITE, RUN_CANCELLED
 */
export async function optimizeValue(
  lab: EditLab,
  request: PreparedEditRequest,
  start: Float32Array,
  contexts: readonly string[],
  settings: ValueSettings,
  onProgress: (progress: EditProgress) => void,
): Promise<OptimizedValue> {
  const sequences = await valueSequences(lab, request, contexts, settings)
  const startNorm = norm(start)
  const delta = new Float32Array(start.length)
  // Its own weight decay stays off: the loss has one of another form.
  const adam = new Adam(delta.length, { learningRate: settings.learningRate })
  const curve: Losses[] = []
  const { steps, stopLoss, weightDecay, clampFactor } = settings
  for (let step = 0; step < steps; step++) {
    const result = await measure(lab, sequences, delta, settings.layer)
    const losses = addUp(result, sequences, norm(delta), startNorm, settings)
    curve.push(losses)
    onProgress({
      stage: 'optimising the value',
      done: step + 1,
      total: steps,
      loss: losses.total,
    })
    if (losses.total < stopLoss || step === steps - 1) break
    adam.step(delta, slopeOf(result, delta, startNorm, weightDecay))
    clamp(delta, clampFactor * startNorm)
  }
  return { delta, trace: traceOf(curve) }
}

/** Rewriting prompts in every context, the target teacher-forced, and the essence prompt against the unchanged model. */
async function valueSequences(
  lab: EditLab,
  request: PreparedEditRequest,
  contexts: readonly string[],
  { klFactor }: ValueSettings,
): Promise<readonly PassSequence[]> {
  const placed = placeInContexts(lab.model, request, contexts)
  const { targetIds } = request
  const weight = 1 / (placed.length * targetIds.length)
  const rewriting = placed.map(({ ids, lookup }) => ({
    ids: [...ids, ...targetIds.slice(0, -1)],
    scored: targetIds.map((token, index) => ({
      position: ids.length - 1 + index,
      tokens: [token],
      weights: [weight],
    })),
    vectors: [{ vector: 0, position: lookup }],
  }))
  const essence = placeEssence(lab.model, request)
  const base = await lab.run({
    sequences: [{ ids: essence.ids, scored: [{ position: essence.lookup, tokens: [0] }] }],
    head: ['log-probabilities'],
  })
  return [
    ...rewriting,
    {
      ids: essence.ids,
      vectors: [{ vector: 0, position: essence.lookup }],
      diverging: [
        {
          position: essence.lookup,
          base: base.sequences[0]?.scored[0]?.logProbabilities as Float32Array,
          weight: klFactor,
        },
      ],
    },
  ]
}

const measure = (
  lab: EditLab,
  sequences: readonly PassSequence[],
  delta: Float32Array,
  layer: number,
): Promise<PassResult> =>
  lab.run({
    sequences,
    vectors: { at: { layer, matrix: 'mlp.down' }, values: [delta] },
    head: ['nll'],
    divergence: 'current-base',
    vectorGradient: true,
  })

function addUp(
  { sequences: results }: PassResult,
  sequences: readonly PassSequence[],
  deltaNorm: number,
  startNorm: number,
  { klFactor, weightDecay }: ValueSettings,
): Losses {
  let nll = 0
  let kl = 0
  results.forEach(({ scored, divergence }, index) => {
    scored.forEach(({ nll: losses }, place) => {
      const weight = sequences[index]?.scored?.[place]?.weights?.[0] ?? 1
      nll += weight * (losses?.[0] as number)
    })
    for (const nats of divergence) kl += klFactor * nats
  })
  const decay = (weightDecay * deltaNorm) / startNorm ** 2
  return { nll, kl, decay, total: nll + kl + decay }
}

/** The gradient with that of the weight decay, |delta| / |v0|^2, whose slope at zero is taken as zero. */
function slopeOf(
  { vectorGradients }: PassResult,
  delta: Float32Array,
  startNorm: number,
  weightDecay: number,
): Float64Array {
  const size = norm(delta)
  const scale = size === 0 ? 0 : weightDecay / (size * startNorm ** 2)
  const gradient = vectorGradients[0] as Float32Array
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
