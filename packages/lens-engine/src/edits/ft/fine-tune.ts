// Fine-tuning of one matrix: Adam on weight and bias until the target is likely, with or without a bound on each change.
import type { EditProgress, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import { denseDelta, type DenseDelta } from '../matrix-delta.js'
import { Adam } from '../shared/adam.js'
import type { EditLab } from '../shared/edit-lab.js'
import { siteName, type DeltaSite } from '../shared/pass-plan.js'
import type { PassResult, PassSequence } from '../shared/pass-request.js'
import { objectiveSequence, type TargetObjective } from '../shared/target-objective.js'

export interface FineTuneSettings {
  readonly address: DenseDelta['address']
  readonly learningRate: number
  readonly steps: number
  /** A loss below it, in nats, takes no step and ends the training. */
  readonly lossThreshold: number
  /** Largest change of one weight; null for none. */
  readonly bound: number | null
  readonly biases: boolean
  readonly objective: TargetObjective
}

/** The loop of the code of ROME's baselines (baselines/ft): forward, loss, step, clamp, until the loss is small. */
export async function fineTune(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  settings: FineTuneSettings,
  onProgress: (progress: EditProgress) => void,
): Promise<MethodResult> {
  const { address, steps, lossThreshold, bound } = settings
  const [width, out] = lab.widths(address)
  const values = new Float32Array(width * out)
  const bias = settings.biases && lab.hasBias(address) ? new Float32Array(out) : null
  const adam = new Adam(values.length, settings)
  const biasAdam = new Adam(out, settings)
  const sequences = await readBelow(lab, objectiveSequences(requests, settings), address.layer)
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    const delta = denseDelta({ address, inputWidth: width, values, bias })
    const { loss, gradients } = await gradientOf(lab, sequences, delta)
    losses.push(loss)
    onProgress({ stage: 'fine-tuning', done: step + 1, total: steps, loss })
    if (loss < lossThreshold) break
    adam.step(values, gradients.weight)
    clamp(values, bound)
    if (bias === null || gradients.bias === null) continue
    biasAdam.step(bias, gradients.bias)
    clamp(bias, bound)
  }
  return report(denseDelta({ address, inputWidth: width, values, bias }), losses, settings)
}

const objectiveSequences = (
  requests: readonly PreparedEditRequest[],
  { objective }: FineTuneSettings,
): readonly PassSequence[] =>
  requests.map((one) => objectiveSequence(one, objective, 1 / requests.length))

/** The sequences with the residual stream before `layer`, which training above it does not change. */
async function readBelow(
  lab: EditLab,
  sequences: readonly PassSequence[],
  layer: number,
): Promise<readonly PassSequence[]> {
  if (layer === 0) return sequences
  const { sequences: read } = await lab.run({
    sequences: sequences.map(({ ids }) => ({ ids, captured: [...ids.keys()] })),
    residuals: [layer - 1],
  })
  return sequences.map((one, index) => {
    const rows = read[index]?.residuals.get(layer - 1) as readonly Float32Array[]
    const width = (rows[0] as Float32Array).length
    const before = new Float32Array(rows.length * width)
    rows.forEach((row, position) => before.set(row, position * width))
    return { ...one, before }
  })
}

async function gradientOf(lab: EditLab, sequences: readonly PassSequence[], delta: DenseDelta) {
  const site: DeltaSite = { address: delta.address, tier: 'shared', part: 'dense' }
  const biasSite: DeltaSite = { ...site, part: 'bias' }
  const result = await lab.run({
    sequences,
    fromLayer: delta.address.layer,
    deltas: [delta],
    gradients: delta.bias === null ? [site] : [site, biasSite],
  })
  const read = (one: DeltaSite, from: PassResult): Float32Array | null =>
    from.gradients.get(siteName(one))?.values ?? null
  const weight = read(site, result) as Float32Array
  return { loss: result.loss as number, gradients: { weight, bias: read(biasSite, result) } }
}

function clamp(values: Float32Array, bound: number | null): void {
  if (bound === null) return
  for (let index = 0; index < values.length; index++) {
    values[index] = Math.min(bound, Math.max(-bound, values[index] as number))
  }
}

function report(
  delta: DenseDelta,
  losses: readonly number[],
  { lossThreshold, steps }: FineTuneSettings,
): MethodResult {
  const trace = [{ name: 'loss before each step', unit: 'nats', values: losses }]
  const reached = (losses.at(-1) ?? Infinity) < lossThreshold
  if (reached && losses.length === 1) {
    const reason = `the loss is below ${lossThreshold} nats already, so no step is taken`
    return { outcome: { kind: 'skipped', reason }, deltas: [], trace, warnings: [] }
  }
  const warnings = reached
    ? []
    : [`the loss was not below ${lossThreshold} nats after ${steps} steps`]
  return { outcome: { kind: 'edited' }, deltas: [delta], trace, warnings }
}
