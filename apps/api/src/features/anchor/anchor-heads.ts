// What is known of the things that anchors point at, enough to check an anchor and to name it.
import type { MatrixNameKey } from '../../vocabulary/names.js'
import type { RowKind } from './anchor.js'

export interface Head {
  readonly id: string
  readonly title: string
}

export interface RunHead extends Head {
  readonly configDigest: string
  readonly modelId: string
  readonly layers: number
  readonly positions: number
  readonly matrices: readonly MatrixNameKey[]
}

export interface ModelHead extends Head {
  readonly layers: number
  readonly directory: string
}

export interface EvaluationHead extends Head {
  readonly cases: number
}

export interface Heads {
  readonly rows: ReadonlyMap<RowKind, ReadonlyMap<string, Head>>
  readonly models: ReadonlyMap<string, ModelHead>
}

export const headOf = (heads: Heads, kind: RowKind, id: string): Head | null =>
  heads.rows.get(kind)?.get(id) ?? null

/** Ids that are to be looked up, by what they are ids of. */
export class WantedHeads {
  readonly rows = new Map<RowKind, Set<string>>()
  readonly models = new Set<string>()

  add(kind: RowKind, id: string): void {
    const ids = this.rows.get(kind) ?? new Set()
    this.rows.set(kind, ids.add(id))
  }
}
