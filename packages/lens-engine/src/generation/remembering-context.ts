// A forward context whose attention also reads keys and values of earlier calls: inputs `past.*`, outputs `present.*`.
import type { ForwardContext, WeightRequest } from '../architectures/architecture.js'
import type { MatrixAddress } from '../architectures/hook-points.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Shape, Value } from '../graph/graph.js'
import { concat } from '../ops/movement.js'

/** Keys or values of one block, kept from call to call. */
export interface MemorySlot {
  readonly past: string
  readonly present: string
  /** [batch, ..., past, headWidth] */
  readonly shape: Shape
}

/** Wraps the context of any forward pass, edited or not; blocks announce keys and values through `remember`. */
export class RememberingContext implements ForwardContext {
  readonly builder: GraphBuilder
  readonly tokenIds: Value
  readonly positionIds: Value
  /** int64 [keys]: 0 to past + positions - 1 */
  readonly keyPositionIds: Value
  readonly slots: MemorySlot[] = []
  readonly #inner: ForwardContext

  constructor(inner: ForwardContext) {
    this.#inner = inner
    this.builder = inner.builder
    this.tokenIds = inner.tokenIds
    this.positionIds = inner.positionIds
    this.keyPositionIds = inner.builder.input('key_position_ids', 'int64', ['keys'])
  }

  weight(request: WeightRequest): Value {
    return this.#inner.weight(request)
  }

  tap(address: MatrixAddress, x: Value, y: Value): Value {
    return this.#inner.tap(address, x, y)
  }

  shared<T>(key: string, make: () => T): T {
    return this.#inner.shared(key, make)
  }

  remember(layer: number, side: 'key' | 'value', heads: Value): Value {
    const shape = heads.shape.map((dimension) => (dimension === 'positions' ? 'past' : dimension))
    const slot = { past: `past.${layer}.${side}`, present: `present.${layer}.${side}`, shape }
    const past = this.builder.input(slot.past, 'float32', shape)
    const present = concat(this.builder, [past, heads], shape.length - 2, 'keys')
    this.builder.output(slot.present, present)
    this.slots.push(slot)
    return present
  }
}
