// Edits that a model runs under while the lens looks at it: how they enter its graphs, and what is fed there.
import { TapRecorder, type ForwardContextOptions } from '../runtime/forward-context.js'
import type { Feed } from '../runtime/ort.js'

export interface LensEdits {
  /** Equal for edits of one structure, so that they share sessions. */
  readonly key: string
  /** Of the edits, in order, for the receipt. */
  readonly ids: readonly string[]
  /** A recorder that adds the edits' inputs to the matrices it meets; its factors are those of the edited model. */
  makeContext(options: ForwardContextOptions): TapRecorder
  /** Every input by its name, which begins with the matrix's: `layers.3.mlp.down`. */
  readonly feeds: Readonly<Record<string, Feed>>
}

/** @param under null: the model as it is */
export const contextUnder = (
  under: LensEdits | null,
  options: ForwardContextOptions,
): TapRecorder => under?.makeContext(options) ?? new TapRecorder(options)
