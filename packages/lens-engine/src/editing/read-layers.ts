// One prompt -> the logit lens of its last position after every block, before and after an edit.
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { tokenText } from '../lens/result-texts.js'
import { projectVectors, type ProjectedVector } from '../readings/project-vectors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { AskedPrompt } from './asked-prompts.js'
import type { EditToken, LayerEffect } from './edit-answer.js'

/** Tokens of a layer that are shown. */
const TOP_TOKENS = 5

interface LensReading {
  readonly top: readonly EditToken[]
  readonly targetRank: number | null
  readonly truthRank: number | null
}

/** From the embedding (-1) to the last block. @throws NOT_FINITE */
export async function readLayers(
  model: LoadedModel,
  prompt: AskedPrompt,
  before: readonly MatrixDelta[],
  after: readonly MatrixDelta[],
): Promise<readonly LayerEffect[]> {
  const layers = Array.from({ length: model.shape.layers + 1 }, (_, index) => index - 1)
  const rows = [
    ...(await residualRows(model, prompt, before, layers)),
    ...(await residualRows(model, prompt, after, layers)),
  ]
  const readings = await project(model, prompt, rows)
  return layers.map((layer, index) => {
    const one = readings[index] as LensReading
    const other = readings[layers.length + index] as LensReading
    return {
      layer,
      before: one.top,
      after: other.top,
      targetRankBefore: one.targetRank,
      targetRankAfter: other.targetRank,
      truthRankBefore: one.truthRank,
      truthRankAfter: other.truthRank,
    }
  })
}

async function residualRows(
  model: LoadedModel,
  { ids }: AskedPrompt,
  base: readonly MatrixDelta[],
  residuals: readonly number[],
): Promise<readonly Float32Array[]> {
  const { sequences } = await new EditLab(model, { base }).run({
    sequences: [{ ids, captured: [ids.length - 1] }],
    residuals,
  })
  return residuals.map((layer) => sequences[0]?.residuals.get(layer)?.[0] as Float32Array)
}

async function project(
  model: LoadedModel,
  { target, truth }: AskedPrompt,
  rows: readonly Float32Array[],
): Promise<readonly LensReading[]> {
  const topK = Math.min(TOP_TOKENS, model.shape.vocabularySize)
  const read = (token: number): Promise<readonly ProjectedVector[]> =>
    projectVectors(model, rows, { lens: 'final-norm', topK, token })
  const [first, other] = [target?.ids[0], truth?.ids[0]]
  const vectors = await read(first ?? other ?? 0)
  const truths = other === undefined || first === undefined ? vectors : await read(other)
  return vectors.map(({ top, rank }, index) => ({
    top: top.map((one) => ({ ...one, text: tokenText(model.tokenizer, one.id) })),
    targetRank: first === undefined ? null : rank,
    truthRank: other === undefined ? null : (truths[index]?.rank ?? null),
  }))
}
