// For every row of the VJP table, small expressions on which its rule is checked against finite differences.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import * as elementwise from '../ops/elementwise.js'
import { gatherRows, pickColumns } from '../ops/indexing.js'
import { gemm, matmul } from '../ops/matrix.js'
import { concat, expand, reshape, split, transpose } from '../ops/movement.js'
import { layerNorm } from '../ops/normalization.js'
import * as reduction from '../ops/reduction.js'
import { logSoftmax, softmax } from '../ops/softmax.js'

export interface VjpSample {
  readonly label: string
  /** Shapes of the differentiable inputs. */
  readonly shapes: readonly (readonly number[])[]
  readonly build: (builder: GraphBuilder, inputs: readonly Value[]) => Value
  /** Inputs are drawn from (0.5, 2) instead of (-2, -0.2) and (0.2, 2). */
  readonly positive?: boolean
  /** ONNX Runtime has no float64 kernel, or the operator itself rounds to float32. */
  readonly single?: boolean
}

type Unary = (builder: GraphBuilder, x: Value) => Value
type Binary = (builder: GraphBuilder, a: Value, b: Value) => Value

const apply1 = (operation: Unary) => (builder: GraphBuilder, inputs: readonly Value[]) =>
  operation(builder, inputs[0] as Value)

const apply2 = (operation: Binary) => (builder: GraphBuilder, inputs: readonly Value[]) =>
  operation(builder, inputs[0] as Value, inputs[1] as Value)

const unary = (operation: Unary, options: Partial<VjpSample> = {}): readonly VjpSample[] => [
  { label: 'matrix', shapes: [[2, 3]], build: apply1(operation), ...options },
]

/** Equal shapes, both directions of broadcasting, and one value used on both sides. */
const binary = (operation: Binary, options: Partial<VjpSample> = {}): readonly VjpSample[] => [
  {
    label: 'equal shapes',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: apply2(operation),
    ...options,
  },
  { label: 'row', shapes: [[2, 3], [3]], build: apply2(operation), ...options },
  {
    label: 'column',
    shapes: [
      [2, 1],
      [2, 3],
    ],
    build: apply2(operation),
    ...options,
  },
  {
    label: 'outer',
    shapes: [
      [3, 1],
      [1, 4],
    ],
    build: apply2(operation),
    ...options,
  },
  { label: 'scalar', shapes: [[], [2, 2]], build: apply2(operation), ...options },
  {
    label: 'extra axis',
    shapes: [
      [2, 1, 3],
      [4, 1],
    ],
    build: apply2(operation),
    ...options,
  },
  {
    label: 'x and its own square',
    shapes: [[3]],
    build: (builder, [x]) =>
      operation(builder, x as Value, elementwise.mul(builder, x as Value, x as Value)),
    ...options,
  },
]

const gemmSamples: readonly VjpSample[] = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({
    label: `transposeA ${transposeA}, transposeB ${transposeB}, bias`,
    shapes: [transposeA ? [3, 2] : [2, 3], transposeB ? [4, 3] : [3, 4], [4]],
    build: (builder: GraphBuilder, [a, b, bias]: readonly Value[]) =>
      gemm(builder, a as Value, b as Value, bias as Value, { transposeA, transposeB }),
  })),
)

type Reduce = typeof reduction.reduceSum

const reduce = (operation: Reduce, options: Partial<VjpSample> = {}): readonly VjpSample[] =>
  [
    { axes: [1], keep: false },
    { axes: [1], keep: true },
    { axes: [0, 2], keep: false },
    { axes: [0, 2], keep: true },
    { axes: [0, 1, 2], keep: false },
  ].map(({ axes, keep }) => ({
    label: `axes ${axes.join(',')}${keep ? ', kept' : ''}`,
    shapes: [[2, 3, 2]],
    build: (builder, [x]) => operation(builder, x as Value, axes, keep),
    ...options,
  }))

const indices = (builder: GraphBuilder, shape: readonly number[], ids: readonly number[]): Value =>
  builder.constant('int64', shape, BigInt64Array.from(ids, BigInt))

const mask = (builder: GraphBuilder, shape: readonly number[], bits: readonly number[]): Value =>
  builder.constant('bool', shape, Uint8Array.from(bits))

const identity: Unary = (builder, x) => builder.single('Identity', [x], x.type, x.shape)

const squeeze: Unary = (builder, x) =>
  builder.single('Squeeze', [x, builder.integers([1])], x.type, [
    x.shape[0] as number,
    x.shape[2] as number,
  ])

const throughDouble: Unary = (builder, x) =>
  elementwise.cast(builder, elementwise.cast(builder, x, 'float64'), x.type)

const layerNormSample: VjpSample = {
  label: 'input, gain and bias; a large epsilon',
  shapes: [[3, 4], [4], [4]],
  build: (builder, [x, gain, bias]) =>
    layerNorm(builder, x as Value, gain as Value, bias as Value, 0.1),
}

const whereSample = (
  label: string,
  condition: readonly number[],
  left: readonly number[],
): VjpSample => ({
  label,
  shapes: [left, [2, 3]],
  build: (builder, [a, b]) =>
    elementwise.where(
      builder,
      mask(builder, condition, condition.length === 1 ? [1, 0, 1] : [1, 0, 0, 0, 1, 1]),
      a as Value,
      b as Value,
    ),
})

const splitSample = (label: string, used: readonly number[]): VjpSample => ({
  label,
  shapes: [[2, 5]],
  build: (builder, [x]) => {
    const parts = split(builder, x as Value, 1, [2, 1, 2])
    const products = used.map((index) => parts[index] as Value)
    return products.reduce((total, part) => elementwise.mul(builder, total, part))
  },
})

const gatherSample = (
  label: string,
  shape: readonly number[],
  ids: readonly number[],
): VjpSample => ({
  label,
  shapes: [[4, 3]],
  build: (builder, [x]) => gatherRows(builder, x as Value, indices(builder, shape, ids)),
})

/** Operator -> samples. A row of the VJP table without samples fails its test by name. */
export const vjpSamples: Readonly<Record<string, readonly VjpSample[]>> = {
  Identity: unary(identity),
  Cast: unary(throughDouble, { single: true }),
  Neg: unary(elementwise.neg),
  Abs: unary(elementwise.abs),
  Exp: unary(elementwise.exp),
  Log: unary(elementwise.log, { positive: true }),
  Sqrt: unary(elementwise.sqrt, { positive: true }),
  Reciprocal: unary(elementwise.reciprocal),
  Tanh: unary(elementwise.tanh),
  Sigmoid: unary(elementwise.sigmoid),
  Erf: unary(elementwise.erf, { single: true }),
  Relu: unary(elementwise.relu),
  Sin: unary(elementwise.sin),
  Cos: unary(elementwise.cos),
  Add: binary(elementwise.add),
  Sub: binary(elementwise.sub),
  Mul: binary(elementwise.mul),
  Div: binary(elementwise.div),
  Max: binary(elementwise.max),
  Where: [whereSample('equal shapes', [2, 3], [2, 3]), whereSample('broadcast', [3], [1])],
  Gemm: gemmSamples,
  MatMul: [
    {
      label: 'matrices',
      shapes: [
        [2, 3],
        [3, 4],
      ],
      build: apply2(matmul),
    },
    {
      label: 'batches',
      shapes: [
        [2, 2, 3],
        [2, 3, 2],
      ],
      build: apply2(matmul),
    },
    {
      label: 'broadcast batch',
      shapes: [
        [2, 2, 3],
        [3, 2],
      ],
      build: apply2(matmul),
    },
    {
      label: 'both batches broadcast',
      shapes: [
        [2, 1, 2, 3],
        [3, 3, 2],
      ],
      build: apply2(matmul),
    },
  ],
  Reshape: unary((builder, x) => reshape(builder, x, [3, 2])),
  Squeeze: unary(squeeze, { shapes: [[2, 1, 3]] }),
  Transpose: unary((builder, x) => transpose(builder, x, [1, 2, 0]), { shapes: [[2, 3, 4]] }),
  Concat: [
    {
      label: 'three parts, one used twice',
      shapes: [
        [2, 2],
        [2, 3],
      ],
      build: (builder, [a, b]) => concat(builder, [a as Value, b as Value, a as Value], 1),
    },
  ],
  Split: [splitSample('two of three parts', [0, 2]), splitSample('one part', [1])],
  Expand: unary((builder, x) => expand(builder, x, [3, 2, 4]), { shapes: [[2, 1]] }),
  Gather: [
    gatherSample('repeated rows', [5], [2, 0, 2, 3, 2]),
    gatherSample('indices of two axes', [2, 2], [1, 1, 0, 3]),
  ],
  GatherElements: unary(
    (builder, x) => pickColumns(builder, x, indices(builder, [2, 3], [1, 1, 3, 0, 2, 0])),
    { shapes: [[2, 4]] },
  ),
  Softmax: unary(softmax, { shapes: [[2, 2, 3]] }),
  LogSoftmax: unary(logSoftmax, { shapes: [[2, 2, 3]] }),
  ReduceSum: reduce(reduction.reduceSum),
  ReduceMean: reduce(reduction.reduceMean),
  ReduceMax: reduce(reduction.reduceMax),
  ReduceLogSumExp: reduce(reduction.reduceLogSumExp),
  ReduceL2: reduce(reduction.reduceL2),
  LayerNormalization: [layerNormSample],
}
