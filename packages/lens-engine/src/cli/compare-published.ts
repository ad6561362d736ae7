// A result and a published run -> every number beside the published one, its difference and whether it is within tolerance.
import type { LensResult } from '../lens/lens-result.js'
import type { PublishedRun } from './published-gpt2.js'

export interface Comparison {
  readonly what: string
  readonly published: number | null
  readonly measured: number | null
  /** measured - published; null where either is a masked VJP. */
  readonly difference: number | null
  readonly tolerance: number
  readonly within: boolean
}

const LOSS_TOLERANCE = 1e-4
/** The published norms have four decimals. */
const NORM_TOLERANCE = 1e-4
const LAST_TOKEN_RANK_TOLERANCE = 5
/** Ranks elsewhere lie among nearly equal logits: 0.1% of the vocabulary. */
const RANK_TOLERANCE_SHARE = 0.001

/** Every number of the published run, in the order loss, answer, ranks, norms. */
export function comparePublished(
  result: LensResult,
  published: PublishedRun,
): readonly Comparison[] {
  const layers = result.matrices.filter(({ matrix }) => matrix === 'mlp.down')
  const last = published.tokens.length - 1
  const anywhere = Math.round(RANK_TOLERANCE_SHARE * published.shape.vocabularySize)
  const ranks = published.targetRank.flatMap((row, position) =>
    row.map((expected, layer) => {
      const cells = layers[layer]
      const measured =
        cells === undefined || cells.masked[position] === 1 ? null : cells.targetRank[position]!
      const tolerance = position === last ? LAST_TOKEN_RANK_TOLERANCE : anywhere
      return compare(
        `rank  layer ${layer}  ${published.tokens[position]}`,
        expected,
        measured,
        tolerance,
      )
    }),
  )
  const norms = published.norm.flatMap((row, position) =>
    row.map((expected, layer) =>
      compare(
        `norm  layer ${layer}  ${published.tokens[position]}`,
        expected,
        layers[layer]?.vjpNorm[position] ?? null,
        NORM_TOLERANCE,
      ),
    ),
  )
  return [
    compare('loss', published.loss, result.loss, LOSS_TOLERANCE),
    compare('answer id', published.answerId, result.answer.id, 0),
    ...ranks,
    ...norms,
  ]
}

function compare(
  what: string,
  published: number | null,
  measured: number | null,
  tolerance: number,
): Comparison {
  const difference = published === null || measured === null ? null : measured - published
  const within = difference === null ? published === measured : Math.abs(difference) <= tolerance
  return { what, published, measured, difference, tolerance, within }
}
