// What rows keep of an anchor, and the canonical keys by which equal anchors are found.
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import type { AnchorKindKey } from '../../vocabulary/talk-names.js'

/** As JSON in the column `anchor`; only the fields of its kind are there. */
export interface StoredAnchor {
  readonly kind: AnchorKindKey
  readonly key: string
  readonly id?: string
  /** Of a cell: every run of this configuration has it. */
  readonly configDigest?: string
  readonly layer?: number
  readonly position?: number
  readonly matrix?: MatrixNameKey
  readonly factor?: FactorNameKey
  readonly modelId?: string
  readonly index?: number
  readonly evaluationId?: string
  readonly caseIndex?: number
  readonly page?: string
  readonly chart?: string
  readonly region?: number[]
}

/** An anchor whose thing exists in the viewer's project. */
export interface CheckedAnchor {
  readonly kind: AnchorKindKey
  readonly key: string
  readonly stored: StoredAnchor
  /** Keys of what it is a part of, such as `evaluation:<id>`. */
  readonly partOf: readonly string[]
  /** Keys under which its own parts are found: a run's are those of its configuration. */
  readonly parts: readonly string[]
  /** Of neurons and cells, for lists; null of others. */
  readonly modelId: string | null
  readonly layer: number | null
  readonly neuron: number | null
}

/** Kinds that are one row with an id. */
export const rowKinds = [
  ...(['RUN', 'EDIT', 'EVALUATION', 'ANNOTATION', 'REVIEW'] as const),
  ...(['PROMPT', 'DATASET', 'FIGURE_SET', 'COLLECTION'] as const),
] as const
export type RowKind = (typeof rowKinds)[number]

export const isRowKind = (kind: AnchorKindKey): kind is RowKind =>
  (rowKinds as readonly string[]).includes(kind)

const prefixes: Readonly<Record<RowKind, string>> = {
  ...{ RUN: 'run', EDIT: 'edit', EVALUATION: 'evaluation', ANNOTATION: 'annotation' },
  ...{ REVIEW: 'review', PROMPT: 'prompt', DATASET: 'dataset', FIGURE_SET: 'figure-set' },
  COLLECTION: 'collection',
}

export const rowKey = (kind: RowKind, id: string): string => `${prefixes[kind]}:${id}`
export const configKey = (configDigest: string): string => `run-config:${configDigest}`
export const modelKey = (modelId: string): string => `model:${modelId}`
export const neuronKey = (modelId: string, layer: number, index: number): string =>
  `neuron:${modelId}/${layer}/${index}`

/** A bare anchor of a row, for things that write one themselves. */
export const rowAnchor = (kind: RowKind, id: string): StoredAnchor => ({
  ...{ kind, id, key: rowKey(kind, id) },
})
