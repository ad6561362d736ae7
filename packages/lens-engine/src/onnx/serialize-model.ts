// Graph -> bytes of an ONNX model. Parameters are written as external data: file name, offset and length, never their bytes.
import { create, toBinary } from '@bufbuild/protobuf'
import { LensEngineError } from '../errors.js'
import type {
  Attribute,
  Constant,
  ElementType,
  Graph,
  Node,
  Shape,
  Value,
  Weight,
} from '../graph/graph.js'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type TensorProto,
} from './generated/onnx_pb.js'

const IR_VERSION = 8n
const OPSET_VERSION = 18n

/** TensorProto.DataType of the ONNX specification. */
const elementTypeNumber: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
}

/** Serialises a verified graph (ONNX IR 8, opset 18). */
export function serializeModel(graph: Graph): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: 'imprint',
      graph: graphProto(graph),
      opsetImport: [{ domain: '', version: OPSET_VERSION }],
    }),
  )
}

/**
 * Shapes of intermediate values are written too: where the runtime cannot infer one (Reshape by symbols) its memory
 * planner finds no buffer to reuse, and compares every new value with all those left over: half of the load time.
 */
function graphProto(graph: Graph): GraphProto {
  const { names, identities } = outputNames(graph)
  const nameOf = (value: Value): string => names.get(value.id) ?? value.name
  return create(GraphProtoSchema, {
    name: graph.name,
    node: [...graph.nodes.map((node) => nodeProto(node, nameOf)), ...identities],
    initializer: [...graph.weights.map(externalTensor), ...graph.constants.map(inlineTensor)],
    input: graph.inputs.map((value) => valueInfo(value.name, value)),
    output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
    valueInfo: graph.nodes
      .flatMap((node) => node.outputs)
      .filter((value) => !names.has(value.id))
      .map((value) => valueInfo(value.name, value)),
  })
}

/** An output takes over the name of the node that computes it; a second name, an input or a parameter is copied. */
function outputNames(graph: Graph) {
  const produced = new Set(graph.nodes.flatMap((node) => node.outputs.map((value) => value.id)))
  const names = new Map<number, string>()
  const copies: { name: string; value: Value }[] = []
  for (const { name, value } of graph.outputs) {
    if (produced.has(value.id) && !names.has(value.id)) names.set(value.id, name)
    else copies.push({ name, value })
  }
  const identities = copies.map(({ name, value }) =>
    create(NodeProtoSchema, {
      opType: 'Identity',
      name: `copy.${name}`,
      input: [names.get(value.id) ?? value.name],
      output: [name],
    }),
  )
  return { names, identities }
}

function nodeProto(node: Node, nameOf: (value: Value) => string) {
  return create(NodeProtoSchema, {
    opType: node.op,
    name: node.name,
    input: node.inputs.map((value) => (value === null ? '' : nameOf(value))),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  })
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value)
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s })
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float })
  }
  if ('nodes' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: graphProto(value) })
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
}

function valueInfo(name: string, value: Value) {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: { elemType: elementTypeNumber[value.type], shape: { dim: dimensions(value.shape) } },
      },
    },
  })
}

function dimensions(shape: Shape) {
  return shape.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  )
}

function externalTensor({ value, data }: Weight): TensorProto {
  if (/[/\\\0]|^\.\.?$/.test(data.file)) {
    throw new LensEngineError('GRAPH_INVALID', `"${data.file}" is not a plain file name`, {
      details: { file: data.file, weight: value.name },
      cure: 'External data must lie beside the graph.',
    })
  }
  return create(TensorProtoSchema, {
    name: value.name,
    dataType: elementTypeNumber[value.type],
    dims: value.shape.map((size) => BigInt(size)),
    dataLocation: DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: data.file },
      { key: 'offset', value: String(data.offset) },
      { key: 'length', value: String(data.length) },
    ],
  })
}

function inlineTensor({ value, data }: Constant): TensorProto {
  return create(TensorProtoSchema, {
    name: value.name,
    dataType: elementTypeNumber[value.type],
    dims: value.shape.map((size) => BigInt(size)),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  })
}
