// Reverse-mode differentiation: one loop over the nodes, which appends the backward nodes to the same graph.
import { LensEngineError } from '../errors.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Node, Value } from '../graph/graph.js'
import { expand } from '../ops/movement.js'
import { scalarLike } from '../ops/elementwise.js'
import { unbroadcast } from './unbroadcast.js'
import { accumulate, vjpRules } from './vjp-rules.js'

/**
 * dL/dv for each target v, as values of the same graph.
 * @param loss a scalar (shape [])
 * @returns one gradient per target, in order; zeros where the loss does not depend on a target
 * @throws NO_VJP_RULE naming the operator
 */
export function backward(
  builder: GraphBuilder,
  loss: Value,
  targets: readonly Value[],
): readonly Value[] {
  if (loss.shape.length !== 0) {
    throw new LensEngineError('GRAPH_INVALID', `the loss ${loss.name} is not a scalar`, {
      details: { loss: loss.name },
      cure: 'Sum the loss before differentiating it.',
    })
  }
  return builder.scope('backward', () => {
    const dependent = dependentValues(builder.nodes, targets)
    const pending = new Map<number, Value[]>([[loss.id, [scalarLike(builder, loss, 1)]]])
    const gradients = new Map<number, Value>()
    const wanted = new Set(targets.map((target) => target.id))
    for (const node of [...builder.nodes].reverse()) {
      if (node.outputs.some((output) => dependent.has(output.id))) {
        differentiateNode({ builder, node, dependent, pending, gradients, wanted })
      }
    }
    return targets.map((target) => {
      const gradient = gradients.get(target.id) ?? settle(builder, pending, target)
      return gradient ?? expand(builder, scalarLike(builder, target, 0), target.shape)
    })
  })
}

interface Sweep {
  readonly builder: GraphBuilder
  readonly node: Node
  readonly dependent: ReadonlySet<number>
  readonly pending: Map<number, Value[]>
  readonly gradients: Map<number, Value>
  readonly wanted: ReadonlySet<number>
}

function differentiateNode(sweep: Sweep): void {
  const { builder, node, dependent, pending, gradients, wanted } = sweep
  const incoming = node.outputs.map((output) => {
    const gradient = settle(builder, pending, output)
    if (gradient !== null && wanted.has(output.id)) gradients.set(output.id, gradient)
    return gradient
  })
  const first = incoming.find((gradient) => gradient !== null)
  const differentiable = node.inputs.map((value) => value !== null && dependent.has(value.id))
  if (first === undefined || first === null || !differentiable.includes(true)) return
  const rule = vjpRules[node.op]
  if (rule === undefined) throw missingRule(node)
  const results = rule({
    builder,
    node,
    output: node.outputs[0] as Value,
    gradient: first,
    gradients: incoming,
    wanted: (index) => differentiable[index] === true,
  })
  node.inputs.forEach((value, index) => {
    const gradient = results[index] ?? null
    if (value === null || gradient === null || differentiable[index] !== true) return
    const list = pending.get(value.id) ?? []
    pending.set(value.id, [...list, unbroadcast(builder, gradient, value.shape)])
  })
}

/** Adds up what has reached a value. Called once per value: every use comes after its definition. */
function settle(builder: GraphBuilder, pending: Map<number, Value[]>, value: Value): Value | null {
  const gradients = pending.get(value.id)
  if (gradients === undefined) return null
  pending.delete(value.id)
  return accumulate(builder, gradients)
}

/** Ids of the targets and of everything computed from them. */
function dependentValues(nodes: readonly Node[], targets: readonly Value[]): ReadonlySet<number> {
  const dependent = new Set(targets.map((target) => target.id))
  for (const node of nodes) {
    if (node.inputs.some((value) => value !== null && dependent.has(value.id))) {
      for (const output of node.outputs) dependent.add(output.id)
    }
  }
  return dependent
}

function missingRule(node: Node): LensEngineError {
  return new LensEngineError('NO_VJP_RULE', `no VJP rule for ${node.op} (node ${node.name})`, {
    details: { op: node.op, node: node.name },
    cure: 'Add a row to autodiff/vjp-rules.ts.',
  })
}
