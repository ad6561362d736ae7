// An expression's gradient by the VJP table against central differences, both computed by ONNX Runtime.
import { backward } from '../autodiff/backward.js'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph, Value } from '../graph/graph.js'
import { mul } from '../ops/elementwise.js'
import { reduceSum } from '../ops/reduction.js'
import type { Feed, Session } from '../runtime/ort.js'
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'
import { numericalGradient } from './numerical-gradient.js'
import { openGraph } from './run-graph.js'
import type { VjpSample } from './vjp-samples.js'
import { elementCount } from './write-safetensors.js'

type FloatType = 'float32' | 'float64'

export interface GradientComparison {
  readonly analytic: Float64Array
  readonly numerical: Float64Array
}

/** Central-difference step and the error it leaves: h^2 plus rounding / h. */
export const precisions: Readonly<Record<FloatType, { step: number; tolerance: number }>> = {
  float64: { step: 1e-5, tolerance: 1e-7 },
  float32: { step: 2e-2, tolerance: 2e-3 },
}

/** Gradients of sum(weights * expression), one comparison per input of the sample. */
export async function compareGradients(
  sample: VjpSample,
  seed: string,
): Promise<readonly GradientComparison[]> {
  const type: FloatType = sample.single === true ? 'float32' : 'float64'
  const random = createRandom(seed)
  const points = sample.shapes.map((shape) => drawPoint(random, shape, sample.positive === true))
  const session = await openGraph(gradientGraph(sample, type, random))
  try {
    const comparisons: GradientComparison[] = []
    for (const [index, point] of points.entries()) {
      const analytic = (await evaluate(session, sample, points, type)).gradients[index]
      const numerical = await numericalGradient(
        async () => (await evaluate(session, sample, points, type)).loss,
        point,
        { step: precisions[type].step },
      )
      comparisons.push({ analytic: analytic as Float64Array, numerical })
    }
    return comparisons
  } finally {
    await session.dispose()
  }
}

/** Away from 0, where Abs and Relu have no derivative. */
function drawPoint(
  random: SeededRandom,
  shape: readonly number[],
  positive: boolean,
): Float64Array {
  return Float64Array.from({ length: elementCount(shape) }, () => {
    const size = positive ? 0.5 + 1.5 * random.nextFloat() : 0.2 + 1.8 * random.nextFloat()
    return positive || random.nextFloat() < 0.5 ? size : -size
  })
}

function gradientGraph(sample: VjpSample, type: FloatType, random: SeededRandom): Graph {
  const builder = new GraphBuilder('gradient')
  const inputs = sample.shapes.map((shape, index) => builder.input(`x${index}`, type, shape))
  const loss = weightedSum(builder, sample.build(builder, inputs), random)
  builder.output('loss', loss)
  backward(builder, loss, inputs).forEach((gradient, index) => {
    builder.output(`dx${index}`, gradient)
  })
  return builder.build()
}

/** Random weights, so that errors of single elements cannot cancel. */
function weightedSum(builder: GraphBuilder, y: Value, random: SeededRandom): Value {
  const shape = y.shape as readonly number[]
  const numbers = random.normals(elementCount(shape))
  const data = y.type === 'float64' ? Float64Array.from(numbers) : numbers
  const weighted = mul(builder, y, builder.constant(y.type, shape, data))
  const axes = shape.map((_, axis) => axis)
  return axes.length === 0 ? weighted : reduceSum(builder, weighted, axes)
}

async function evaluate(
  session: Session,
  sample: VjpSample,
  points: readonly Float64Array[],
  type: FloatType,
): Promise<{ loss: number; gradients: Float64Array[] }> {
  const feeds: Record<string, Feed> = {}
  points.forEach((point, index) => {
    const data = type === 'float64' ? point.slice() : Float32Array.from(point)
    feeds[`x${index}`] = { type, shape: sample.shapes[index] as readonly number[], data }
  })
  const fetched = await session.run(feeds)
  const numbers = (name: string): Float64Array =>
    Float64Array.from(fetched[name]?.data as Float32Array)
  return {
    loss: numbers('loss')[0] as number,
    gradients: points.map((_, index) => numbers(`dx${index}`)),
  }
}
