// The editor as graph operators: u and delta of each token of a matrix -> the factors of the change of that matrix.
import { GraphBuilder } from '../../graph/graph-builder.js'
import type { Graph, Value } from '../../graph/graph.js'
import { add, div, lessOrEqual, mul, scalarLike, sub, where } from '../../ops/elementwise.js'
import { gemm } from '../../ops/matrix.js'
import { concat, split } from '../../ops/movement.js'
import {
  EDITOR_LAYERS,
  rateName,
  widthOf,
  type EditedMatrix,
  type EditorLayout,
} from './editor-layout.js'

/** The change of W is input^T vjp. */
export interface EditorFactors {
  /** u~ [tokens, in] */
  readonly input: Value
  /** rate * delta~ [tokens, out]; 0 in rows that stand for no token */
  readonly vjp: Value
}

export interface AddedEditor {
  /** Graph inputs by parameter name. */
  readonly parameters: ReadonlyMap<string, Value>
  /** By key of the matrix. */
  readonly factors: ReadonlyMap<string, EditorFactors>
}

/**
 * Adds the editor to a graph. Inputs: every parameter `editor.<name>`, and for each matrix `<key>.u` [tokens, in],
 * `<key>.delta` [tokens, out], `<key>.mean` and `<key>.deviation` [in + out], `<key>.kept` [tokens, 1] (1, or 0 for a row
 * that stands for no token). MEND, section 3.2 and appendix C; each matrix may have its own number of tokens.
 */
export function addEditor(builder: GraphBuilder, layout: EditorLayout): AddedEditor {
  const parameters = new Map(
    layout.parameters.map(({ name, shape }): [string, Value] => [
      name,
      builder.input(parameterInput(name), 'float32', shape),
    ]),
  )
  const factors = new Map(
    layout.matrices.map((matrix): [string, EditorFactors] => [
      matrix.key,
      builder.scope(`editor.${matrix.key}`, () => addMatrix(builder, matrix, parameters)),
    ]),
  )
  return { parameters, factors }
}

/** Name of the graph input of a parameter. */
export const parameterInput = (name: string): string => `editor.${name}`

type Parameters = ReadonlyMap<string, Value>

function addMatrix(
  builder: GraphBuilder,
  matrix: EditedMatrix,
  parameters: Parameters,
): EditorFactors {
  const { key, inputWidth, outputWidth } = matrix
  const [tokens, width] = [`${key}.tokens`, widthOf(matrix)]
  const u = builder.input(`${key}.u`, 'float32', [tokens, inputWidth])
  const delta = builder.input(`${key}.delta`, 'float32', [tokens, outputWidth])
  const mean = builder.input(`${key}.mean`, 'float32', [width])
  const deviation = builder.input(`${key}.deviation`, 'float32', [width])
  const kept = builder.input(`${key}.kept`, 'float32', [tokens, 1])
  const rows = concat(builder, [u, delta], 1)
  let hidden = div(builder, sub(builder, rows, mean), deviation)
  for (let layer = 0; layer < EDITOR_LAYERS; layer++) {
    hidden = addLayer(builder, matrix, layer, hidden, parameters)
  }
  const [input, vjp] = split(builder, hidden, 1, [inputWidth, outputWidth]) as [Value, Value]
  const rate = mul(builder, kept, parameters.get(rateName(key)) as Value)
  return { input, vjp: mul(builder, vjp, rate) }
}

/** h + relu(s (U V h + b) + o), with s and o of the matrix and the rest of its network. */
function addLayer(
  builder: GraphBuilder,
  { key, network }: EditedMatrix,
  layer: number,
  hidden: Value,
  parameters: Parameters,
): Value {
  const shared = (part: string) => parameters.get(`${network}.layer${layer}.${part}`) as Value
  const own = (part: string) => parameters.get(`${key}.layer${layer}.${part}`) as Value
  const inner = gemm(builder, hidden, shared('v'), null, { transposeB: true })
  const outer = gemm(builder, inner, shared('u'), shared('bias'), { transposeB: true })
  const shifted = add(builder, mul(builder, outer, own('scale')), own('offset'))
  return add(builder, hidden, clampAtZero(builder, shifted))
}

/**
 * max(x, 0) whose slope at 0 is 1, as that of torch.clamp. The editor begins with U = 0, so that every x is exactly 0;
 * with the slope 0 of Relu it would never learn.
 */
function clampAtZero(builder: GraphBuilder, x: Value): Value {
  const zero = scalarLike(builder, x, 0)
  return where(builder, lessOrEqual(builder, zero, x), x, zero)
}

/** The editor alone; outputs `<key>.input` and `<key>.vjp`. */
export function buildEditorGraph(layout: EditorLayout): Graph {
  const builder = new GraphBuilder('mend_editor')
  for (const [key, { input, vjp }] of addEditor(builder, layout).factors) {
    builder.output(`${key}.input`, input)
    builder.output(`${key}.vjp`, vjp)
  }
  return builder.build()
}
