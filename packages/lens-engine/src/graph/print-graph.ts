// A graph as text, one line a node: the golden form in which a refactoring shows what it changed.
import { formatShape, type Attribute, type Graph, type Value } from './graph.js'

/** Prints inputs, weights, nodes and outputs; stable for equal graphs. */
export function printGraph(graph: Graph): string {
  const lines = [
    `graph ${graph.name}`,
    ...graph.inputs.map((value) => `  input ${printValue(value)}`),
    ...graph.weights.map(({ value }) => `  weight ${printValue(value)}`),
    ...graph.nodes.map(
      (node) =>
        `  ${node.outputs.map(printValue).join(', ')} = ${node.op}(${node.inputs
          .map((input) => input?.name ?? '-')
          .join(', ')})${printAttributes(node.attributes)}`,
    ),
    ...graph.outputs.map(({ name, value }) => `  output ${name} = ${value.name}`),
  ]
  return lines.join('\n')
}

function printValue(value: Value): string {
  return `${value.name}: ${value.type}${formatShape(value.shape)}`
}

function printAttributes(attributes: Readonly<Record<string, Attribute>>): string {
  const entries = Object.entries(attributes)
  return entries.length === 0
    ? ''
    : ` {${entries.map(([key, value]) => `${key}: ${printAttribute(value)}`).join(', ')}}`
}

function printAttribute(value: Attribute): string {
  if (typeof value === 'object' && 'nodes' in value) return `\n${printGraph(value)}`
  if (typeof value === 'object' && 'float' in value) return String(value.float)
  return JSON.stringify(value)
}
