// The backward loop: random expressions against central differences, and what it refuses.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import { add, mul, neg, relu, sigmoid, sin, sub, tanh } from '../ops/elementwise.js'
import { matmul } from '../ops/matrix.js'
import { expand, swapLastAxes } from '../ops/movement.js'
import { reduceMean, reduceSum } from '../ops/reduction.js'
import { softmax } from '../ops/softmax.js'
import { compareGradients, precisions } from '../testing/check-gradient.js'
import { openGraph } from '../testing/run-graph.js'
import { backward } from './backward.js'

const SIZE = 3

/** Steps whose operands and result are all [SIZE, SIZE] and stay small. */
const steps: readonly ((builder: GraphBuilder, a: Value, b: Value) => Value)[] = [
  add,
  sub,
  (builder, a, b) => tanh(builder, mul(builder, a, b)),
  (builder, a, b) => tanh(builder, matmul(builder, a, b)),
  (builder, a) => swapLastAxes(builder, a),
  (builder, a) => softmax(builder, a),
  (builder, a) => sigmoid(builder, a),
  (builder, a) => sin(builder, a),
  (builder, a) => neg(builder, a),
  (builder, a, b) => add(builder, a, reduceMean(builder, b, [0], true)),
  (builder, a) => expand(builder, reduceMean(builder, a, [1], true), [SIZE, SIZE]),
]

const program = fc.array(
  fc.record({
    step: fc.nat(steps.length - 1),
    left: fc.nat(100),
    right: fc.nat(100),
  }),
  { minLength: 1, maxLength: 8 },
)

test('random expressions have the gradient central differences say', async () => {
  await fc.assert(
    fc.asyncProperty(program, fc.string({ maxLength: 8 }), async (instructions, seed) => {
      const sample = {
        label: 'random expression',
        shapes: [
          [SIZE, SIZE],
          [SIZE, SIZE],
        ],
        build: (builder: GraphBuilder, inputs: readonly Value[]) =>
          runProgram(builder, inputs, instructions),
      }
      for (const { analytic, numerical } of await compareGradients(sample, seed)) {
        const distance = Math.hypot(...analytic.map((value, at) => value - (numerical[at] ?? NaN)))
        const scale = 1 + Math.hypot(...numerical)
        expect(distance / scale).toBeLessThan(precisions.float64.tolerance)
      }
    }),
    { numRuns: 60, seed: 20251122 },
  )
})

/** Each step may use every value made before it; the last value is the result. */
function runProgram(
  builder: GraphBuilder,
  inputs: readonly Value[],
  instructions: readonly { step: number; left: number; right: number }[],
): Value {
  const values = [...inputs]
  for (const { step, left, right } of instructions) {
    const pick = (number: number): Value => values[number % values.length] as Value
    const operation = steps[step] as (typeof steps)[number]
    values.push(operation(builder, pick(left), pick(right)))
  }
  return values.at(-1) as Value
}

test('a target the loss does not depend on has a gradient of zeros', async () => {
  const builder = new GraphBuilder('independent')
  const x = builder.input('x', 'float32', ['n', 2])
  const other = builder.input('other', 'float32', ['n', 2])
  const [forX, forOther] = backward(builder, reduceSum(builder, relu(builder, x), [0, 1]), [
    x,
    other,
  ])
  builder.output('forX', forX as Value)
  builder.output('forOther', forOther as Value)
  const session = await openGraph(builder.build())
  const feed = { type: 'float32', shape: [2, 2], data: Float32Array.of(1, -2, 3, 4) } as const
  const fetched = await session.run({ x: feed, other: feed })
  await session.dispose()
  expect([...(fetched['forX']?.data ?? [])]).toEqual([1, 0, 1, 1])
  expect([...(fetched['forOther']?.data ?? [])]).toEqual([0, 0, 0, 0])
})

test('an operator without a rule is refused by name', () => {
  const builder = new GraphBuilder('missing')
  const x = builder.input('x', 'float32', [2, 2])
  const ceiling = builder.single('Ceil', [x], 'float32', [2, 2])
  const loss = reduceSum(builder, ceiling, [0, 1])
  expect(() => backward(builder, loss, [x])).toThrow(/no VJP rule for Ceil/)
})

test('only a scalar can be differentiated', () => {
  const builder = new GraphBuilder('vector')
  const x = builder.input('x', 'float32', [2])
  expect(() => backward(builder, neg(builder, x), [x])).toThrow(/not a scalar/)
})
