// A request's sequences -> batches of similar length within a limit of rows, logits and fed matrices. The batches depend on
// the request alone, so that the same request gives the same numbers.
import { needsGradient, needsHead, type PassPlan } from './pass-plan.js'
import { placesOf } from './pass-feeds.js'
import type { PassRequest } from './pass-request.js'

export interface BatchLimits {
  /** Rows (sequences x positions) of one batch; half of it when gradients are computed. */
  readonly rows: number
  /** Floats of logits, of masks and of deltas fed for each sequence. */
  readonly floats: number
}

const defaultLimits: BatchLimits = { rows: 4096, floats: 2 ** 25 }

/** Indices of the request's sequences, shortest first, in batches. */
export function cutIntoBatches(
  request: PassRequest,
  vocabularySize: number,
  plan: PassPlan,
  limits: Partial<BatchLimits>,
): readonly (readonly number[])[] {
  const { rows, floats } = { ...defaultLimits, ...limits }
  const rowLimit = needsGradient(plan) ? rows / 2 : rows
  const { sequences } = request
  const length = (index: number): number => sequences[index]?.ids.length ?? 0
  const weight = (index: number): number => floatsOf(request, index, vocabularySize, plan)
  const order = [...sequences.keys()].sort((a, b) => length(a) - length(b) || a - b)
  const batches: number[][] = []
  let held = 0
  for (const index of order) {
    const last = batches.at(-1)
    const fits =
      last !== undefined &&
      (last.length + 1) * length(index) <= rowLimit &&
      held + weight(index) <= floats
    if (fits) last.push(index)
    else batches.push([index])
    held = fits ? held + weight(index) : weight(index)
  }
  return batches
}

/** Floats that one sequence adds to a batch besides its activations. */
function floatsOf(request: PassRequest, index: number, vocabulary: number, plan: PassPlan): number {
  const sequence = request.sequences[index]
  if (sequence === undefined) return 0
  const logits = needsHead(plan) ? placesOf(sequence).length * vocabulary : 0
  const fed = (sequence.deltas ?? []).reduce(
    (sum, delta) =>
      sum +
      (delta.kind === 'dense'
        ? delta.values.length
        : delta.rank * (delta.inputWidth + delta.outputWidth)),
    0,
  )
  const mask = sequence.ids.length * (request.vectors?.values.length ?? 0)
  return logits + fed + mask
}
