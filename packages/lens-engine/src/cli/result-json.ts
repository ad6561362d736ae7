// LensResult (packed arrays) -> the documented JSON of `lens run --json`: one object per cell, text beside every id.
import {
  projectableFactor,
  type FactorName,
  type MatrixName,
} from '../architectures/hook-points.js'
import type {
  ImprintAndShift,
  LensResult,
  PackedCells,
  PackedHiddenStates,
  ScoredToken,
} from '../lens/lens-result.js'

/** One factor of one matrix at one layer and position, all counted from 0. */
export interface CellJson {
  readonly layer: number
  readonly position: number
  readonly matrix: MatrixName
  readonly factor: FactorName
  /** Euclidean norm of this factor. */
  readonly norm: number
  /** Whether the VJP here is exactly zero, so that nothing is written at this position. */
  readonly masked: boolean
  /** Tokens strictly more probable than the target; null for a factor that has no ranks. */
  readonly targetRank: number | null
  readonly answerRank: number | null
  /** null for the factor that does not live in the residual stream; empty for a masked VJP. */
  readonly top: readonly ScoredToken[] | null
  /** Least probable first. */
  readonly bottom: readonly ScoredToken[] | null
}

type PackedEnds = Pick<
  PackedCells,
  | 'k'
  | 'topIds'
  | 'topLogits'
  | 'topProbabilities'
  | 'bottomIds'
  | 'bottomLogits'
  | 'bottomProbabilities'
>

/** The whole result without packed arrays; vectors go to a file instead. */
export function toResultJson(result: LensResult) {
  const { tokens, promptLength, target, loss, answer, next, receipt } = result
  return {
    loss,
    tokens,
    promptLength,
    target,
    answer: roundScored(answer),
    next: next.map(roundScored),
    cells: result.matrices.flatMap((matrix) => cellsOf(matrix, result.texts)),
    gradientRank: result.gradientRank,
    gradientCheck: result.gradientCheck,
    hiddenStates: result.hiddenStates.flatMap((layer) => hiddenCells(layer, result.texts)),
    imprint: result.imprint.flatMap(imprintCells),
    receipt,
  }
}

/** Both factors of every position of one matrix. */
export function cellsOf(packed: PackedCells, texts: LensResult['texts']): CellJson[] {
  const factors: readonly FactorName[] = ['input', 'vjp']
  return Array.from({ length: packed.positions }, (_, position) =>
    factors.map((factor) => cellOf(packed, position, factor, texts)),
  ).flat()
}

function cellOf(
  packed: PackedCells,
  position: number,
  factor: FactorName,
  texts: LensResult['texts'],
): CellJson {
  const { layer, matrix } = packed
  const masked = packed.masked[position] === 1
  const norm = roundFloat((factor === 'input' ? packed.inputNorm : packed.vjpNorm)[position]!)
  const place = { layer, position, matrix, factor, norm, masked }
  if (factor !== projectableFactor[matrix])
    return { ...place, targetRank: null, answerRank: null, top: null, bottom: null }
  if (masked && factor === 'vjp')
    return { ...place, targetRank: null, answerRank: null, top: [], bottom: [] }
  return {
    ...place,
    targetRank: packed.targetRank[position]!,
    answerRank: packed.answerRank[position]!,
    ...endsOf(packed, position, texts),
  }
}

/** The tokens at both ends of a projection. */
export function endsOf(packed: PackedEnds, position: number, texts: LensResult['texts']) {
  const { k } = packed
  const read = (
    ids: Int32Array,
    logits: Float32Array,
    probabilities: Float32Array,
  ): ScoredToken[] =>
    Array.from({ length: k }, (_, place) => {
      const index = position * k + place
      const id = ids[index]!
      return {
        id,
        text: texts[id] ?? '',
        logit: roundFloat(logits[index]!),
        probability: roundFloat(probabilities[index]!),
      }
    })
  return {
    top: read(packed.topIds, packed.topLogits, packed.topProbabilities),
    bottom: read(packed.bottomIds, packed.bottomLogits, packed.bottomProbabilities),
  }
}

function hiddenCells(packed: PackedHiddenStates, texts: LensResult['texts']) {
  return Array.from({ length: packed.positions }, (_, position) => ({
    layer: packed.layer,
    position,
    norm: roundFloat(packed.norm[position]!),
    targetRank: packed.targetRank[position]!,
    answerRank: packed.answerRank[position]!,
    ...endsOf(packed, position, texts),
  }))
}

function imprintCells(packed: ImprintAndShift) {
  const neurons = (ids: Int32Array, changes: Float32Array, position: number) =>
    Array.from({ length: packed.neurons }, (_, place) => ({
      neuron: ids[position * packed.neurons + place]!,
      change: roundFloat(changes[position * packed.neurons + place]!),
    }))
  return Array.from({ length: packed.positions }, (_, position) => ({
    layer: packed.layer,
    position,
    matrix: packed.matrix,
    own: neurons(packed.ownIds, packed.ownChange, position),
    full: neurons(packed.fullIds, packed.fullChange, position),
    shiftOwnNorm: roundFloat(packed.shiftOwnNorm[position]!),
    shiftFullNorm: roundFloat(packed.shiftFullNorm[position]!),
    shiftTargetLogit: roundFloat(packed.shiftTargetLogit[position]!),
  }))
}

function roundScored(token: ScoredToken): ScoredToken {
  return { ...token, logit: roundFloat(token.logit), probability: roundFloat(token.probability) }
}

/** Nine digits name a float32 exactly; the rest of its double are noise. */
function roundFloat(value: number): number {
  return Number(value.toPrecision(9))
}
