// An edit's deltas -> its factors in words, and its size with what that means.
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { tokenText } from '../lens/result-texts.js'
import { measureNormGrowth, warningThresholds } from '../readings/norm-growth.js'
import type { ProjectedToken } from '../readings/project-vectors.js'
import { readEdit } from '../readings/read-edit.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { EditNormGrowth, EditReading, EditToken } from './edit-answer.js'

/** Tokens shown at each end of a factor. */
const TOP_TOKENS = 10

/** @param token whose rank is read in every factor */
export async function readFactors(
  model: LoadedModel,
  deltas: readonly MatrixDelta[],
  token: number,
): Promise<readonly EditReading[]> {
  const topK = Math.min(TOP_TOKENS, model.shape.vocabularySize)
  const readings = await readEdit(model, { deltas }, { topK, token })
  const named = (tokens: readonly ProjectedToken[]): readonly EditToken[] =>
    tokens.map((one) => ({ ...one, text: tokenText(model.tokenizer, one.id) }))
  return readings.map(({ address, kind, side, rank, factors }) => ({
    address,
    kind,
    side,
    rank,
    factors: factors.map((factor) => ({
      strength: factor.strength,
      targetRank: factor.rank,
      top: named(factor.top),
      bottom: named(factor.bottom),
    })),
  }))
}

/** One row for each matrix that the deltas change. */
export function explainGrowth(
  model: LoadedModel,
  deltas: readonly MatrixDelta[],
): readonly EditNormGrowth[] {
  return measureNormGrowth(model, deltas).map((growth) => {
    const explanation = warningThresholds.find(({ level }) => level === growth.level)?.explanation
    return { ...growth, explanation: explanation ?? '' }
  })
}
