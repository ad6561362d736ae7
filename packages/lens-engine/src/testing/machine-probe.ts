// How fast this machine multiplies and reads memory right now, with the runtime and the model's own decoding matrix.
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph } from '../graph/graph.js'
import { gemm } from '../ops/matrix.js'
import { float32 } from '../runtime/feeds.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'

export interface MachineProbe {
  /** Best rate of a large product, in 10^9 floating-point operations a second. */
  readonly gigaflops: number
  /** Best rate of a product with a single row, which reads every weight once, in 10^9 bytes a second. */
  readonly gigabytesPerSecond: number
}

const LARGE = 480
const ROUNDS = 5

/** rows D^T, of which a corner is returned. */
function buildProduct(model: LoadedModel): Graph {
  const { architecture, config, shape, weights } = model
  const builder = new GraphBuilder('probe')
  const context = new TapRecorder({ builder, weights, edits: false })
  const decoder = architecture.decoder({ context, config, shape })
  const rows = builder.input('rows', 'float32', ['probed', shape.width])
  const product = gemm(builder, rows, decoder, null, { transposeB: true })
  const [start, end] = [builder.integers([0, 0]), builder.integers([1, 1])]
  builder.output('corner', builder.single('Slice', [product, start, end], 'float32', [1, 1]))
  return builder.build()
}

/** The best of a few rounds of each. */
export async function probeMachine(model: LoadedModel): Promise<MachineProbe> {
  const { session } = await model.session('probe', () => buildProduct(model))
  const { width, vocabularySize } = model.shape
  const fastest = async (rows: number): Promise<number> => {
    const feeds = {
      rows: float32(new Float32Array(rows * width).fill(0.5), [rows, width]),
      token_ids: { type: 'int64', shape: [1, 1], data: BigInt64Array.of(0n) },
      position_ids: { type: 'int64', shape: [1], data: BigInt64Array.of(0n) },
    } as const
    let best = Infinity
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now()
      await session.run(feeds)
      best = Math.min(best, performance.now() - started)
    }
    return best / 1000
  }
  const weights = vocabularySize * width
  return {
    gigaflops: (2 * LARGE * weights) / (await fastest(LARGE)) / 1e9,
    gigabytesPerSecond: (4 * weights) / (await fastest(1)) / 1e9,
  }
}
