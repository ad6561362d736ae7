// Which of the most probable tokens comes next.
import type { SeededRandom } from '../tensor/seeded-random.js'

/** `greedy` takes the most probable token; `top-k` draws among the k most probable ones (ROME evaluates with k = 5). */
export type Sampling =
  | { readonly kind: 'greedy' }
  | { readonly kind: 'top-k'; readonly k: number; readonly temperature?: number }

/** Tokens a step must offer. */
export const choicesOf = (sampling: Sampling): number =>
  sampling.kind === 'greedy' ? 1 : sampling.k

/** Index of the drawn token. @param logits of the offered tokens, most probable first */
export function sampleToken(
  sampling: Sampling,
  logits: ArrayLike<number>,
  random: SeededRandom,
): number {
  if (sampling.kind === 'greedy') return 0
  const temperature = sampling.temperature ?? 1
  const largest = logits[0] as number
  const weights = Array.from(logits, (logit) => Math.exp((logit - largest) / temperature))
  let left = random.nextFloat() * weights.reduce((sum, weight) => sum + weight, 0)
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index] as number
    if (left < 0) return index
  }
  return weights.length - 1
}
