// What a rule of reverse-mode differentiation is given, and what it answers.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Node, Value } from '../graph/graph.js'

export interface VjpContext {
  readonly builder: GraphBuilder
  readonly node: Node
  /** The node's first output; rules may use it instead of recomputing. */
  readonly output: Value
  /** dL/d(output), for the first output. */
  readonly gradient: Value
  /** dL/d(output) of every output; null where an output does not reach the loss. */
  readonly gradients: readonly (Value | null)[]
  /** Whether the gradient of this input is wanted at all. */
  wanted(index: number): boolean
}

/** One gradient per input, before un-broadcasting; null for an input that has none (an index, a shape). */
export type VjpRule = (context: VjpContext) => readonly (Value | null)[]
