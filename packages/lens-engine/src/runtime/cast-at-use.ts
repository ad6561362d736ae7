// A graph that widens half-precision parameters once -> the same graph, widening each matrix again wherever it is used.
// Before: w16 -> Cast -> forward product, ..., backward product: every matrix is alive in float32 from its first use to
// its last, which takes more memory than a float32 file. After: each product has a Cast of its own that cannot run
// before the product's other operand is known, and rows are widened after they were gathered. Widening is exact, so no
// number changes.
import type { Constant, Graph, Node, Value } from '../graph/graph.js'

/** Matrices and tables; vectors are too small to matter. */
const MATRIX_RANK = 2

const FLOAT32 = 1 // TensorProto.FLOAT

/** The rewritten graph; a graph without half-precision matrices is returned as it is. */
export function castAtUse(graph: Graph): Graph {
  const casts = matrixCasts(graph)
  return casts.size === 0 ? graph : new CastMover(graph, casts).move()
}

/** Widened matrix (by the id of the Cast's output) -> the matrix as it is stored. */
function matrixCasts(graph: Graph): Map<number, Value> {
  const stored = new Map(graph.weights.map(({ value }) => [value.id, value]))
  const casts = graph.nodes.flatMap(({ op, inputs, outputs }): [number, Value][] => {
    const source = op === 'Cast' ? stored.get(inputs[0]?.id ?? -1) : undefined
    const isMatrix = source?.shape.length === MATRIX_RANK
    return source !== undefined && isMatrix ? [[(outputs[0] as Value).id, source]] : []
  })
  return new Map(casts)
}

class CastMover {
  readonly #graph: Graph
  readonly #casts: ReadonlyMap<number, Value>
  /** Casts that stay: a body runs many times, and the decoder it uses is widened once for all. */
  readonly #staying: ReadonlySet<number>
  readonly #zeros = new Map<number, Value>()
  readonly #zero: Constant
  #nextId: number

  constructor(graph: Graph, casts: ReadonlyMap<number, Value>) {
    this.#graph = graph
    this.#casts = casts
    this.#staying = new Set([
      ...graph.outputs.map(({ value }) => value.id),
      ...graph.nodes.flatMap((node) => capturedIds(node)),
    ])
    this.#nextId = 1 + largestId(graph)
    const value = this.#value('cast_at_use.zero', { type: 'int64', shape: [MATRIX_RANK] })
    this.#zero = { value, data: new BigInt64Array(MATRIX_RANK) }
  }

  move(): Graph {
    const nodes = this.#graph.nodes.flatMap((node): readonly Node[] => {
      const own = (node.outputs[0] as Value).id
      if (this.#casts.has(own)) return this.#staying.has(own) ? [node] : []
      return node.op === 'Gather' ? this.#moveGather(node) : this.#moveCasts(node)
    })
    return { ...this.#graph, constants: [...this.#graph.constants, this.#zero], nodes }
  }

  /** Gather(Cast(table)) -> Cast(Gather(table)): only the rows that were asked for are widened. */
  #moveGather(node: Node): Node[] {
    const table = this.#casts.get(node.inputs[0]?.id ?? -1)
    const [rows] = node.outputs as readonly [Value]
    if (table === undefined) return [node]
    const stored = this.#value(`${node.name}.stored`, { type: table.type, shape: rows.shape })
    return [
      { ...node, inputs: [table, ...node.inputs.slice(1)], outputs: [stored] },
      castNode(`${node.name}.cast`, stored, rows),
    ]
  }

  /** A node -> the node behind a Cast of its own for each matrix it reads. */
  #moveCasts(node: Node): Node[] {
    const other = node.inputs.find((input) => input !== null && !this.#casts.has(input.id))
    const before: Node[] = []
    const inputs = node.inputs.map((input, place) => {
      const matrix = input === null ? undefined : this.#casts.get(input.id)
      if (input === null || matrix === undefined || this.#staying.has(input.id)) return input
      const name = `${node.name}.cast_${place}`
      const widened = this.#value(name, input)
      const source = this.#holdBack(matrix, other ?? null, name, before)
      before.push(castNode(name, source, widened))
      return widened
    })
    return [...before, { ...node, inputs }]
  }

  /**
   * The matrix itself, but known only when `other` is: the runtime runs whatever waits for nothing first. A Reshape by
   * the shape [0, 0] leaves every size as it is and copies nothing; 0 = 0 x size of `other`.
   */
  #holdBack(matrix: Value, other: Value | null, name: string, before: Node[]): Value {
    if (other === null || other.shape.length < MATRIX_RANK) return matrix
    let zeros = this.#zeros.get(other.id)
    if (zeros === undefined) {
      const sizes = this.#value(`${name}.sizes`, this.#zero.value)
      zeros = this.#value(`${name}.zeros`, this.#zero.value)
      before.push(
        plainNode('Shape', [other], sizes, { start: 0, end: MATRIX_RANK }),
        plainNode('Mul', [sizes, this.#zero.value], zeros),
      )
      this.#zeros.set(other.id, zeros)
    }
    const late = this.#value(`${name}.late`, matrix)
    before.push(plainNode('Reshape', [matrix, zeros], late))
    return late
  }

  #value(name: string, { type, shape }: Pick<Value, 'type' | 'shape'>): Value {
    return { id: this.#nextId++, name, type, shape }
  }
}

function plainNode(
  op: string,
  inputs: readonly Value[],
  output: Value,
  attributes: Node['attributes'] = {},
): Node {
  return { op, name: output.name, inputs, outputs: [output], attributes }
}

function castNode(name: string, input: Value, output: Value): Node {
  return { op: 'Cast', name, inputs: [input], outputs: [output], attributes: { to: FLOAT32 } }
}

/** Values of the outer graph that the bodies of a node may use. */
function capturedIds(node: Node): number[] {
  return bodies(node).flatMap((body) =>
    body.nodes.flatMap((inner) => [
      ...inner.inputs.flatMap((input) => (input === null ? [] : [input.id])),
      ...capturedIds(inner),
    ]),
  )
}

function largestId(graph: Graph): number {
  const values = [
    ...graph.inputs,
    ...[...graph.weights, ...graph.constants].map(({ value }) => value),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]
  const inner = graph.nodes.flatMap((node) => bodies(node).map(largestId))
  return [...values.map(({ id }) => id), ...inner].reduce((most, id) => Math.max(most, id), -1)
}

function bodies(node: Node): Graph[] {
  return Object.values(node.attributes).filter(
    (attribute): attribute is Graph => typeof attribute === 'object' && 'nodes' in attribute,
  )
}
