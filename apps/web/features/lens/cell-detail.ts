// What the side panel shows of one cell, whether it comes from a matrix or from the hidden states.
import type {
  FactorName,
  HiddenCellQuery,
  LensCellQuery,
  ScoredTokenPartsFragment,
} from '../../graphql/generated/graphql'
import type { Surface } from './lens-view'

export interface CellDetail {
  readonly surface: Surface
  readonly layer: number
  readonly position: number
  readonly factor: FactorName | null
  readonly norm: number
  readonly otherNorm: number | null
  readonly masked: boolean
  readonly targetRank: number | null
  readonly answerRank: number | null
  readonly top: readonly ScoredTokenPartsFragment[] | null
  readonly bottom: readonly ScoredTokenPartsFragment[] | null
}

export function detailOfCell(data: LensCellQuery | undefined): CellDetail | null {
  const cell = data?.lensRun?.cell
  if (!cell) return null
  const { matrix, targetRank, answerRank, top, bottom, ...rest } = cell
  return {
    ...rest,
    surface: matrix,
    targetRank: targetRank ?? null,
    answerRank: answerRank ?? null,
    top: top ?? null,
    bottom: bottom ?? null,
  }
}

export function detailOfHidden(data: HiddenCellQuery | undefined): CellDetail | null {
  const cell = data?.lensRun?.hiddenCell
  return cell ? { ...cell, surface: 'HIDDEN', factor: null, otherNorm: null, masked: false } : null
}

export interface Bar {
  readonly id: number
  readonly text: string
  readonly value: string
  readonly title: string
  /** 0..1 of the room. */
  readonly length: number
}

export type BarMeasure = 'logit' | 'probability'

/** Bars of one end: probabilities from zero; logits by how far they stand out from the weakest shown. */
export function barsOf(
  tokens: readonly ScoredTokenPartsFragment[],
  measure: BarMeasure,
  show: (text: string) => string,
  format: (value: number) => string,
): Bar[] {
  const values = tokens.map((token) =>
    measure === 'logit' ? Math.abs(token.logit) : token.probability,
  )
  const most = Math.max(...values, 0)
  return tokens.map((token, index) => ({
    id: token.id,
    text: show(token.text),
    value: format(measure === 'logit' ? token.logit : token.probability),
    title: `${show(token.text)}: logit ${token.logit}, probability ${token.probability}, token ${token.id}`,
    length: most > 0 ? (values[index] ?? 0) / most : 0,
  }))
}
