// Factors of equal width stacked into one tensor, so that norms, Gram matrices and checks are a few nodes for all
// layers instead of a few nodes for each: opening a session costs time for every node.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { concat, reshape } from '../ops/movement.js'

/** Where a value lies: `place` along axis 0 of the stack of its width. */
export interface StackPlace {
  readonly width: number
  readonly place: number
}

export interface ValueStacks {
  /** Place of each value, in the order they were given. */
  readonly places: readonly StackPlace[]
  /** width -> [values, rows, width] */
  readonly stacks: ReadonlyMap<number, Value>
}

/** @param values each [rows, width] */
export function stackValues(builder: GraphBuilder, values: readonly Value[]): ValueStacks {
  const byWidth = new Map<number, Value[]>()
  const places = values.map((value) => {
    const width = value.shape[1] as number
    const list = byWidth.get(width) ?? []
    byWidth.set(width, list)
    return { width, place: list.push(value) - 1 }
  })
  const stacks = new Map<number, Value>()
  for (const [width, list] of byWidth) {
    const rows = concat(builder, list, 0, `stacked_rows_${width}`)
    stacks.set(width, reshape(builder, rows, [list.length, 'rows', width]))
  }
  return { places, stacks }
}
