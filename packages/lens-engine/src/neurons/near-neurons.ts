// A layer's vectors against those of every layer -> the nearest neurons of each by cosine, in tiles of bounded memory.
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph } from '../graph/graph.js'
import { topK } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { float32, int64 } from '../runtime/feeds.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { NeuronPart } from './neuron-part.js'
import type { NeuronRange } from './neuron-words.js'
import { checkLayer, readKeys, readValues, rowNorms, type LayerVectors } from './neuron-vectors.js'

/** Neurons kept of each vector. */
export const NEAR_NEURONS = 8
/** Rows and columns of the cosines that exist at once. */
const TILE_ROWS = 512
const TILE_COLUMNS = 4096
/** Multiplications that comparing with every layer may take; above, only the layer itself is compared. */
const EVERY_LAYER_COST = 4e12

export interface NearNeurons {
  /** `near.key.ids` (layer * neurons of a layer + index; -1 where there are fewer), `near.key.cosines`, the same of `value`. */
  readonly parts: readonly NeuronPart[]
  /** Layers that were compared: all, or the one alone. */
  readonly layers: number
}

/** Inputs `a` [rows, width], `b` [columns, width], both of unit rows; outputs the `k` largest cosines of each row of a. */
function buildCosineGraph(width: number, k: number): Graph {
  const builder = new GraphBuilder('cosines')
  const a = builder.input('a', 'float32', ['rows', width])
  const b = builder.input('b', 'float32', ['columns', width])
  const cosines = gemm(builder, a, b, null, { transposeB: true })
  const { values, indices } = topK(builder, cosines, k, true)
  builder.output('cosines', values)
  builder.output('places', indices)
  return builder.build()
}

export interface NearOptions {
  /** Neurons whose nearest are wanted; all of the layer when absent. */
  readonly range?: NeuronRange
  readonly onLayer?: (done: number, total: number) => void
}

/** @throws BAD_ARGUMENT for a layer that is not there; WEIGHTS_MISMATCH, FILE_UNREADABLE */
export async function findNearNeurons(
  model: LoadedModel,
  layer: number,
  { range, onLayer = () => undefined }: NearOptions = {},
): Promise<NearNeurons> {
  checkLayer(model, layer)
  const { width, innerWidth, layers } = model.shape
  const { first, count } = range ?? { first: 0, count: innerWidth }
  const isCheap = 2 * layers * count * innerWidth * width <= EVERY_LAYER_COST
  const compared = isCheap ? Array.from({ length: layers }, (_, index) => index) : [layer]
  const readers = { key: readKeys, value: readValues } as const
  const parts: NeuronPart[] = []
  let done = 0
  for (const by of ['key', 'value'] as const) {
    const read = (one: number): LayerVectors => unitRows(readers[by](model, one))
    const own = read(layer)
    const asked = slice(own, first, count)
    const nearest = new Nearest(count)
    for (const other of compared) {
      onLayer(done++, 2 * compared.length)
      const vectors = other === layer ? own : read(other)
      await compareLayers(model, asked, vectors, (row, index, cosine) => {
        if (other !== layer || index !== first + row)
          nearest.offer(row, other * innerWidth + index, cosine)
      })
    }
    parts.push(...nearest.parts(by))
  }
  return { parts, layers: compared.length }
}

const slice = ({ rows, width }: LayerVectors, first: number, count: number): LayerVectors => ({
  ...{ rows: rows.subarray(first * width, (first + count) * width), neurons: count, width },
})

type Offer = (row: number, index: number, cosine: number) => void

async function compareLayers(
  model: LoadedModel,
  own: LayerVectors,
  other: LayerVectors,
  offer: Offer,
): Promise<void> {
  const { width } = own
  for (let column = 0; column < other.neurons; column += TILE_COLUMNS) {
    const columns = Math.min(TILE_COLUMNS, other.neurons - column)
    // One more than is kept, as a vector is always nearest to itself.
    const k = Math.min(NEAR_NEURONS + 1, columns)
    const { session } = await model.session(`cosines ${k}`, () => buildCosineGraph(width, k))
    const b = other.rows.subarray(column * width, (column + columns) * width)
    for (let row = 0; row < own.neurons; row += TILE_ROWS) {
      const rows = Math.min(TILE_ROWS, own.neurons - row)
      const a = own.rows.subarray(row * width, (row + rows) * width)
      const fetches = await session.run({
        token_ids: int64([0], [1, 1]),
        position_ids: int64([0], [1]),
        a: float32(a, [rows, width]),
        b: float32(b, [columns, width]),
      })
      const cosines = fetches['cosines']?.data as Float32Array
      const places = fetches['places']?.data as BigInt64Array
      cosines.forEach((cosine, place) =>
        offer(row + Math.floor(place / k), column + Number(places[place]), cosine),
      )
    }
  }
}

/** Rows of length 1; those of norm 0 stay 0, so that their cosines are 0. */
function unitRows({ rows, neurons, width }: LayerVectors): LayerVectors {
  const norms = rowNorms({ rows, neurons, width })
  const unit = rows.map((value, place) => {
    const norm = norms[Math.floor(place / width)] as number
    return norm === 0 ? 0 : value / norm
  })
  return { rows: unit, neurons, width }
}

/** The largest cosines of each row, kept in order while they come. */
class Nearest {
  readonly #ids: Int32Array
  readonly #cosines: Float32Array

  constructor(rows: number) {
    this.#ids = new Int32Array(rows * NEAR_NEURONS).fill(-1)
    this.#cosines = new Float32Array(rows * NEAR_NEURONS).fill(-Infinity)
  }

  offer(row: number, id: number, cosine: number): void {
    const [start, end] = [row * NEAR_NEURONS, (row + 1) * NEAR_NEURONS]
    if (cosine <= (this.#cosines[end - 1] as number)) return
    let place = end - 1
    for (; place > start && cosine > (this.#cosines[place - 1] as number); place--) {
      this.#cosines[place] = this.#cosines[place - 1] as number
      this.#ids[place] = this.#ids[place - 1] as number
    }
    this.#cosines[place] = cosine
    this.#ids[place] = id
  }

  parts(by: string): readonly NeuronPart[] {
    const cosines = this.#cosines.map((cosine) => (cosine === -Infinity ? 0 : cosine))
    return [
      { kind: `near.${by}.ids`, width: NEAR_NEURONS, data: this.#ids },
      { kind: `near.${by}.cosines`, width: NEAR_NEURONS, data: cosines },
    ]
  }
}
