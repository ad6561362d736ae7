// Columns of values -> their means in every resample of the cases. Groups of equally many cases read the same draws.
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'

export interface ResampleDraws {
  readonly seed: number | string
  readonly resamples: number
}

/** Columns that are averaged over the same cases. */
export interface MeanGroup {
  /** Number of cases. */
  readonly cases: number
  /** One for each column, a value for each case. */
  readonly columns: readonly Float64Array[]
}

/** Columns added up at once: as many sums as a processor keeps in registers. */
const BLOCK = 8

/**
 * Case indices of every resample, row by row: `resamples` rows of `cases` draws. They depend on the seed and the number of
 * cases alone. Exposed so that a reference implementation can be fed the same draws.
 */
export function* drawResamples(
  cases: number,
  { seed, resamples }: ResampleDraws,
): Generator<Uint32Array> {
  const random = randomOf(cases, seed)
  const drawn = new Uint32Array(cases)
  for (let resample = 0; resample < resamples; resample++) {
    random.fillIntegers(drawn, cases)
    yield drawn
  }
}

const randomOf = (cases: number, seed: number | string): SeededRandom =>
  createRandom(`${seed}`).split(`bootstrap/${cases}`)

/**
 * Means of every column of every group in every resample: for each group one array for each column, [resamples].
 * Sums run over the cases in order, each times how often it was drawn.
 */
export function resampleMeans(
  groups: readonly MeanGroup[],
  draws: ResampleDraws,
): readonly (readonly Float64Array[])[] {
  const means = groups.map(({ columns }) => columns.map(() => new Float64Array(draws.resamples)))
  const bySize = new Map<number, number[]>()
  groups.forEach(({ cases }, index) => bySize.set(cases, [...(bySize.get(cases) ?? []), index]))
  for (const [cases, members] of bySize) {
    const targets = members.map((index) => ({
      blocks: packBlocks(groups[index]!),
      means: means[index]!,
    }))
    if (cases > 0) fillMeans(cases, targets, draws)
    else for (const target of targets) target.means.forEach((column) => column.fill(NaN))
  }
  return means
}

interface MeanTarget {
  /** [cases, BLOCK], row-major, zeros where the columns end. */
  readonly blocks: readonly Float64Array[]
  readonly means: readonly Float64Array[]
}

function packBlocks({ cases, columns }: MeanGroup): readonly Float64Array[] {
  return Array.from({ length: Math.ceil(columns.length / BLOCK) }, (_, block) => {
    const packed = new Float64Array(cases * BLOCK)
    columns.slice(block * BLOCK, (block + 1) * BLOCK).forEach((column, place) => {
      for (let row = 0; row < cases; row++) packed[row * BLOCK + place] = column[row]!
    })
    return packed
  })
}

function fillMeans(
  cases: number,
  targets: readonly MeanTarget[],
  { seed, resamples }: ResampleDraws,
): void {
  const random = randomOf(cases, seed)
  const drawn = {
    drawn: new Uint32Array(cases),
    counts: new Uint32Array(cases),
    starts: new Int32Array(cases),
    weights: new Float64Array(cases),
  }
  const sums = new Float64Array(BLOCK)
  for (let resample = 0; resample < resamples; resample++) {
    const rows = drawRows(random, drawn)
    for (const { blocks, means } of targets) {
      for (let block = 0; block < blocks.length; block++) {
        addRows(blocks[block]!, drawn, rows, sums)
        const width = Math.min(BLOCK, means.length - block * BLOCK)
        for (let place = 0; place < width; place++) {
          means[block * BLOCK + place]![resample] = sums[place]! / cases
        }
      }
    }
  }
}

/** Where the rows of the drawn cases start, and how often each was drawn. */
interface DrawnRows {
  readonly drawn: Uint32Array
  readonly counts: Uint32Array
  readonly starts: Int32Array
  readonly weights: Float64Array
}

/** One resample. @returns number of different cases in it */
function drawRows(random: SeededRandom, { drawn, counts, starts, weights }: DrawnRows): number {
  const cases = counts.length
  random.fillIntegers(drawn, cases)
  counts.fill(0)
  for (let index = 0; index < cases; index++) counts[drawn[index]!]!++
  let rows = 0
  for (let row = 0; row < cases; row++) {
    const count = counts[row]!
    if (count === 0) continue
    starts[rows] = row * BLOCK
    weights[rows++] = count
  }
  return rows
}

function addRows(
  values: Float64Array,
  { starts, weights }: DrawnRows,
  rows: number,
  sums: Float64Array,
): void {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let index = 0; index < rows; index++) {
    const start = starts[index]!
    const weight = weights[index]!
    a += weight * values[start]!
    b += weight * values[start + 1]!
    c += weight * values[start + 2]!
    d += weight * values[start + 3]!
    e += weight * values[start + 4]!
    f += weight * values[start + 5]!
    g += weight * values[start + 6]!
    h += weight * values[start + 7]!
  }
  sums[0] = a
  sums[1] = b
  sums[2] = c
  sums[3] = d
  sums[4] = e
  sums[5] = f
  sums[6] = g
  sums[7] = h
}
