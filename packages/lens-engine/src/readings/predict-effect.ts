// An edit and a prompt -> the change of the target's logit that first order predicts, beside the change that is measured.
import type { PreparedEditRequest } from '../edits/edit-request.js'
import { addressKey, type MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { FactorRows } from '../edits/shared/pass-request.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { dot, inputVectors, outputVectors } from './factor-algebra.js'

export interface PredictedEffect {
  /** Logit of the target's first token at the prompt's last position, without the edit. */
  readonly logit: number
  /** Change that the gradient of the logit predicts: sum over matrices and positions of (x U)(V g). */
  readonly predicted: number
  readonly measured: number
  /** Nats. */
  readonly nllBefore: number
  readonly nllAfter: number
}

/** Two passes forward, one backward. @param base deltas the model runs under already */
export async function predictEffect(
  model: LoadedModel,
  request: Pick<PreparedEditRequest, 'promptIds' | 'targetIds' | 'last'>,
  deltas: readonly MatrixDelta[],
  base: readonly MatrixDelta[] = [],
): Promise<PredictedEffect> {
  const token = request.targetIds[0] as number
  const scored = [{ position: request.last, tokens: [token] }]
  const sequences = [{ ids: request.promptIds, scored }]
  const addresses = [
    ...new Map(deltas.map((one) => [addressKey(one.address), one.address])).values(),
  ]
  const head = ['nll', 'logits'] as const
  const plain = await new EditLab(model, { base }).run({
    sequences,
    head,
    factors: addresses,
    lossOf: 'logit',
  })
  const edited = await new EditLab(model, { base: [...base, ...deltas] }).run({ sequences, head })
  const [before, after] = [plain.sequences[0]?.scored[0], edited.sequences[0]?.scored[0]]
  const factors = plain.sequences[0]?.factors
  const predicted = deltas.reduce(
    (sum, delta) => sum + firstOrder(delta, factors?.get(addressKey(delta.address))),
    0,
  )
  const logit = before?.logits?.[token] ?? Number.NaN
  return {
    logit,
    predicted,
    measured: (after?.logits?.[token] ?? Number.NaN) - logit,
    nllBefore: before?.nll?.[0] ?? Number.NaN,
    nllAfter: after?.nll?.[0] ?? Number.NaN,
  }
}

function firstOrder(delta: MatrixDelta, rows: FactorRows | undefined): number {
  if (rows === undefined) return 0
  const { input, vjp, positions } = rows
  const { inputWidth, outputWidth, bias } = delta
  let sum = 0
  for (let position = 0; position < positions; position++) {
    const x = input.subarray(position * inputWidth, (position + 1) * inputWidth)
    const g = vjp.subarray(position * outputWidth, (position + 1) * outputWidth)
    sum += changeAlong(delta, x, g) + (bias === null ? 0 : dot(bias, g))
  }
  return sum
}

/** x Delta g^T */
function changeAlong(delta: MatrixDelta, x: Float32Array, g: Float32Array): number {
  if (delta.kind === 'dense') {
    const out = g.length
    return x.reduce(
      (sum, value, row) => sum + value * dot(delta.values.subarray(row * out, (row + 1) * out), g),
      0,
    )
  }
  const outputs = outputVectors(delta)
  return inputVectors(delta).reduce(
    (sum, u, k) => sum + dot(u, x) * dot(outputs[k] as Float64Array, g),
    0,
  )
}
