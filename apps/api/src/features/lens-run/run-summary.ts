// What a page needs once for a run, as stored in JSON: names of enums are already those of GraphQL.
import type { MatrixNameKey } from '../../vocabulary/names.js'

export interface SummaryToken {
  readonly id: number
  readonly text: string
}

export interface SummaryScoredToken extends SummaryToken {
  readonly logit: number
  readonly probability: number
}

export interface RunSummary {
  readonly tokens: SummaryToken[]
  readonly target: { readonly tokens: SummaryToken[]; readonly ranked: SummaryToken }
  readonly answer: SummaryScoredToken
  readonly next: SummaryScoredToken[]
  readonly matrices: MatrixNameKey[]
  readonly layers: number
  readonly texts: Readonly<Record<string, string>>
  readonly gradientRank: {
    readonly layer: number
    readonly matrix: MatrixNameKey
    readonly rank: number
    readonly largestSingularValue: number
    readonly tolerance: number
  }[]
  readonly gradientCheck: {
    readonly matrix: MatrixNameKey
    readonly analytic: number
    readonly measured: number
    readonly relativeError: number
  }[]
}

export interface RunResultHead {
  readonly summary: RunSummary
  readonly receipt: unknown
}
