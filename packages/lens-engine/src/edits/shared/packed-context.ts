// A DeltaContext of several texts in one row of the batch, one after the other: no padding, and keys and values of their
// beginnings can be kept (`write`) and read again (`read`).
import type { Value } from '../../graph/graph.js'
import { concat } from '../../ops/movement.js'
import { DeltaContext, type DeltaContextOptions } from './delta-context.js'

export interface PackedContextOptions extends DeltaContextOptions {
  readonly memory: 'write' | 'read'
  /** Keys and values of the layers above this one are kept. */
  readonly above: number
}

/**
 * Inputs `query_texts` int64 [positions] and, where memory is read, `key_texts` and `key_position_ids` int64 [keys] and
 * `past.*` [1, ..., past, headWidth]; outputs, where it is written, `present.*` [1, ..., positions, headWidth].
 */
export class PackedContext extends DeltaContext {
  override readonly keyPositionIds: Value
  readonly texts: { readonly queries: Value; readonly keys: Value }
  readonly #reads: boolean
  readonly #above: number

  constructor(options: PackedContextOptions) {
    super(options)
    const { builder, memory, above } = options
    this.#above = above
    this.#reads = memory === 'read'
    const queries = builder.input('query_texts', 'int64', ['positions'])
    const keys = this.#reads ? builder.input('key_texts', 'int64', ['keys']) : queries
    this.texts = { queries, keys }
    this.keyPositionIds = this.#reads
      ? builder.input('key_position_ids', 'int64', ['keys'])
      : this.positionIds
  }

  remember(layer: number, side: 'key' | 'value', heads: Value): Value {
    if (layer <= this.#above) return heads
    if (!this.#reads) {
      this.builder.output(`present.${layer}.${side}`, heads)
      return heads
    }
    const shape = heads.shape.map((dimension) => (dimension === 'positions' ? 'past' : dimension))
    const past = this.builder.input(`past.${layer}.${side}`, 'float32', shape)
    return concat(this.builder, [past, heads], shape.length - 2, 'keys')
  }
}
