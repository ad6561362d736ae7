// Builds a Graph node by node: scoped names, constants kept once, symbolic dimensions, subgraphs that see their parent.
import { LensEngineError } from '../errors.js'
import type {
  Attribute,
  Constant,
  ConstantData,
  Dimension,
  ElementType,
  ExternalData,
  Graph,
  GraphOutput,
  Node,
  Shape,
  Value,
  Weight,
} from './graph.js'
import { verifyGraph } from './verify-graph.js'

export interface ValueSpec {
  readonly type: ElementType
  readonly shape: Shape
}

interface Counter {
  next: number
}

export class GraphBuilder {
  readonly name: string
  readonly #parent: GraphBuilder | null
  readonly #counter: Counter
  readonly #inputs: Value[] = []
  readonly #weights: Weight[] = []
  readonly #constants: Constant[] = []
  readonly #nodes: Node[] = []
  readonly #outputs: GraphOutput[] = []
  readonly #scopes: string[] = []
  readonly #constantByKey = new Map<string, Value>()
  readonly #dimensionBySymbol = new Map<string, Value>()
  readonly #shapeByKey = new Map<string, Value>()

  constructor(name: string, parent: GraphBuilder | null = null) {
    this.name = name
    this.#parent = parent
    this.#counter = parent === null ? { next: 0 } : parent.#counter
  }

  /** Nodes so far, in an order in which every input precedes its use. */
  get nodes(): readonly Node[] {
    return this.#nodes
  }

  input(name: string, type: ElementType, shape: Shape): Value {
    const value = this.#value(name, { type, shape })
    this.#inputs.push(value)
    return value
  }

  /** A parameter whose bytes stay in the model's own file (ONNX external data). */
  weight(name: string, spec: ValueSpec, data: ExternalData): Value {
    const value = this.#value(name, spec)
    this.#weights.push({ value, data })
    return value
  }

  /** A small inline constant; equal constants share one value. */
  constant(type: ElementType, shape: readonly number[], data: ConstantData): Value {
    const key = `${type}|${shape.join(',')}|${Array.from(data as ArrayLike<number | bigint>).join(',')}`
    const known = this.#constantByKey.get(key)
    if (known !== undefined) return known
    const value = this.#value(`constant_${this.#counter.next}`, { type, shape })
    this.#constants.push({ value, data })
    this.#constantByKey.set(key, value)
    return value
  }

  /** The integers of a constant, such as the axes of a reduction. @throws GRAPH_INVALID when `value` is computed */
  integersOf(value: Value): readonly number[] {
    const found = this.#constants.find((constant) => constant.value.id === value.id)
    if (found !== undefined) return Array.from(found.data as BigInt64Array, Number)
    if (this.#parent !== null) return this.#parent.integersOf(value)
    throw new LensEngineError('GRAPH_INVALID', `${value.name} is not a constant`, {
      details: { graph: this.name, value: value.name },
      cure: 'Pass axes as numbers known when the graph is built.',
    })
  }

  scalar(type: 'float32' | 'float64', number: number): Value {
    const data = type === 'float32' ? Float32Array.of(number) : Float64Array.of(number)
    return this.constant(type, [], data)
  }

  integers(numbers: readonly number[]): Value {
    return this.constant('int64', [numbers.length], BigInt64Array.from(numbers, BigInt))
  }

  /** Appends a node and returns its outputs; their names carry the current scope. */
  node(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly ValueSpec[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly Value[] {
    const name = [...this.#scopes, `${op}_${this.#counter.next}`].join('.')
    const values = outputs.map((spec, index) =>
      this.#value(outputs.length === 1 ? name : `${name}.${index}`, spec),
    )
    this.#nodes.push(Object.freeze({ op, name, inputs: [...inputs], outputs: values, attributes }))
    return values
  }

  /** `node` for operators with a single output. */
  single(
    op: string,
    inputs: readonly (Value | null)[],
    type: ElementType,
    shape: Shape,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.node(op, inputs, [{ type, shape }], attributes)[0] as Value
  }

  /** Runs `body` with `scope` added to the names of the nodes it makes. */
  scope<T>(scope: string, body: () => T): T {
    this.#scopes.push(scope)
    try {
      return body()
    } finally {
      this.#scopes.pop()
    }
  }

  /** The size of a symbolic dimension as int64 [1], read from an input that has it; a subgraph asks its parent. */
  dimension(symbol: string): Value {
    if (this.#parent !== null) return this.#parent.dimension(symbol)
    const known = this.#dimensionBySymbol.get(symbol)
    if (known !== undefined) return known
    const size = this.#measureDimension(symbol)
    this.#dimensionBySymbol.set(symbol, size)
    return size
  }

  /** Declares how to compute a symbol that no input carries, such as rows = batch * positions. */
  defineDimension(symbol: string, size: Value): void {
    this.#dimensionBySymbol.set(symbol, size)
  }

  /** A shape as int64 [rank], symbols included. */
  shapeValue(shape: Shape): Value {
    if (shape.every((dimension) => typeof dimension === 'number')) {
      return this.integers(shape as number[])
    }
    const key = shape.join(',')
    const known = this.#shapeByKey.get(key)
    if (known !== undefined) return known
    const parts = shape.map((dimension: Dimension) =>
      typeof dimension === 'number' ? this.integers([dimension]) : this.dimension(dimension),
    )
    const value = this.single('Concat', parts, 'int64', [shape.length], { axis: 0 })
    this.#shapeByKey.set(key, value)
    return value
  }

  output(name: string, value: Value): void {
    this.#outputs.push({ name, value })
  }

  /** A body for Scan or Loop; it may use values of this builder. */
  subgraph(name: string): GraphBuilder {
    return new GraphBuilder(name, this)
  }

  /** Checks every invariant and returns the finished graph. */
  build(): Graph {
    const graph: Graph = {
      name: this.name,
      inputs: this.#inputs,
      weights: this.#weights,
      constants: this.#constants,
      nodes: this.#nodes,
      outputs: this.#outputs,
    }
    verifyGraph(graph, this.#parent === null ? null : this.#parent.#visible())
    return graph
  }

  #visible(): Set<number> {
    const ids = this.#parent === null ? new Set<number>() : this.#parent.#visible()
    const own = [
      ...this.#inputs,
      ...this.#weights.map((weight) => weight.value),
      ...this.#constants.map((constant) => constant.value),
      ...this.#nodes.flatMap((node) => node.outputs),
    ]
    for (const value of own) ids.add(value.id)
    return ids
  }

  #measureDimension(symbol: string): Value {
    for (const input of this.#inputs) {
      const axis = input.shape.indexOf(symbol)
      if (axis >= 0) {
        return this.single('Shape', [input], 'int64', [1], { start: axis, end: axis + 1 })
      }
    }
    throw new LensEngineError('GRAPH_INVALID', `no input carries the dimension "${symbol}"`, {
      details: { graph: this.name, symbol },
      cure: 'Add an input with this dimension or call defineDimension.',
    })
  }

  #value(name: string, spec: ValueSpec): Value {
    const id = this.#counter.next++
    return Object.freeze({ id, name, type: spec.type, shape: Object.freeze([...spec.shape]) })
  }
}
