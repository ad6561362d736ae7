// The logits of a next token -> its most probable tokens, ranks, entropy, and how far two distributions are apart.
import { LensEngineError } from '../errors.js'

/** Logits and log-probabilities of one place, each [vocabulary]. */
export interface Distribution {
  readonly logits: Float32Array
  readonly logProbabilities: Float32Array
}

/** The `count` tokens of the greatest values, greatest first; of equal ones the smaller id first. */
export function greatest(values: Float32Array, count: number): readonly number[] {
  const found: number[] = []
  values.forEach((value, id) => {
    const last = found.at(-1)
    if (found.length === count && value <= (values[last as number] as number)) return
    let place = found.length
    while (place > 0 && value > (values[found[place - 1] as number] as number)) place--
    found.splice(place, 0, id)
    if (found.length > count) found.pop()
  })
  return found
}

/** Tokens with a strictly greater logit. */
export function rankOf({ logits }: Distribution, token: number): number {
  const own = logits[token] as number
  let above = 0
  for (const logit of logits) if (logit > own) above++
  return above
}

/** Nats. @throws NOT_FINITE */
export function entropyOf({ logProbabilities }: Distribution): number {
  let sum = 0
  for (const log of logProbabilities) sum -= Math.exp(log) * log
  return finite(Math.max(0, sum))
}

/** KL(first || second) in nats. @throws NOT_FINITE */
export function divergenceOf(first: Distribution, second: Distribution): number {
  let sum = 0
  first.logProbabilities.forEach((log, id) => {
    sum += Math.exp(log) * (log - (second.logProbabilities[id] as number))
  })
  return finite(Math.max(0, sum))
}

/** Checks a number that depends on every logit. @throws NOT_FINITE */
export function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new LensEngineError('NOT_FINITE', `a probability is ${value}: the edits are too large`, {
    details: { value: String(value) },
    cure: 'Use a smaller learning rate or norm limit, another layer, or fewer edits at once.',
  })
}
