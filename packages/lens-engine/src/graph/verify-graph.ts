// The invariants of a Graph; a bad graph fails where it was built, not inside the runtime.
import { LensEngineError } from '../errors.js'
import type { Graph, Node, Value } from './graph.js'

/**
 * Checks that every value is defined once and before its use, that names are unique, and that outputs exist.
 * @param outer ids a subgraph may use from its parent; null for a whole graph
 * @throws GRAPH_INVALID naming the node and the value
 */
export function verifyGraph(graph: Graph, outer: ReadonlySet<number> | null): void {
  const defined = new Set<number>(outer ?? [])
  const names = new Set<string>()
  const sources = [
    ...graph.inputs,
    ...graph.weights.map((weight) => weight.value),
    ...graph.constants.map((constant) => constant.value),
  ]
  for (const value of sources) define(graph, value, defined, names)
  for (const node of graph.nodes) verifyNode(graph, node, defined, names)
  verifyOutputs(graph, defined)
}

function verifyNode(graph: Graph, node: Node, defined: Set<number>, names: Set<string>): void {
  for (const input of node.inputs) {
    if (input !== null && !defined.has(input.id)) {
      throw invalid(graph, `node ${node.name} uses ${input.name} before it is defined`, node.name)
    }
  }
  for (const output of node.outputs) define(graph, output, defined, names)
}

function define(graph: Graph, value: Value, defined: Set<number>, names: Set<string>): void {
  if (defined.has(value.id) || names.has(value.name)) {
    throw invalid(graph, `the value ${value.name} is defined twice`, value.name)
  }
  defined.add(value.id)
  names.add(value.name)
}

function verifyOutputs(graph: Graph, defined: ReadonlySet<number>): void {
  const names = new Set<string>()
  for (const { name, value } of graph.outputs) {
    if (!defined.has(value.id)) throw invalid(graph, `output ${name} is not computed`, name)
    if (names.has(name)) throw invalid(graph, `output ${name} is declared twice`, name)
    names.add(name)
  }
}

function invalid(graph: Graph, what: string, name: string): LensEngineError {
  return new LensEngineError('GRAPH_INVALID', `graph ${graph.name}: ${what}`, {
    details: { graph: graph.name, name },
    cure: 'This is a defect of the graph that was built; please report it with the printed graph.',
  })
}
