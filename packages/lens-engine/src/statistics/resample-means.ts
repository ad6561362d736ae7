// Columns of values -> their means in every resample of the cases. Groups of equally many cases read the same draws.
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'
import { BLOCK, bytesOfRow, openRowMemory, type AddRows } from './add-rows.js'

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

/** Cases whose values of a block (16 kB) stay in the nearest cache while the resamples of a batch are added up over them. */
const STRIP = 256
/** Resamples that are drawn before their sums are taken. */
const BATCH = 16
/** Bytes of values that are laid out at once; for what is beyond, the same resamples are drawn again. */
const LARGEST = 2 ** 28

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

/** Up to BLOCK columns, and where their means go. */
interface Block {
  readonly columns: readonly Float64Array[]
  /** For each column, [resamples]. */
  readonly means: readonly Float64Array[]
}

/**
 * Means of every column of every group in every resample: for each group one array for each column, [resamples].
 * Sums run over the cases in order, each times how often it was drawn.
 */
export function resampleMeans(
  groups: readonly MeanGroup[],
  draws: ResampleDraws,
): readonly (readonly Float64Array[])[] {
  const means = groups.map(({ columns }) => columns.map(() => new Float64Array(draws.resamples)))
  const bySize = new Map<number, Block[]>()
  groups.forEach(({ cases, columns }, index) => {
    const blocks = bySize.get(cases) ?? []
    bySize.set(cases, blocks)
    for (let first = 0; first < columns.length; first += BLOCK) {
      const [own, found] = [columns, means[index]!].map((all) => all.slice(first, first + BLOCK))
      blocks.push({ columns: own!, means: found! })
    }
  })
  for (const [cases, blocks] of bySize) {
    if (cases === 0) for (const block of blocks) block.means.forEach((column) => column.fill(NaN))
    else {
      const together = Math.max(1, Math.floor(LARGEST / (cases * bytesOfRow)))
      for (let first = 0; first < blocks.length; first += together) {
        fillMeans(cases, blocks.slice(first, first + together), draws)
      }
    }
  }
  return means
}

function fillMeans(
  cases: number,
  blocks: readonly Block[],
  { seed, resamples }: ResampleDraws,
): void {
  const random = randomOf(cases, seed)
  const counted = { drawn: new Uint32Array(cases), counts: new Uint32Array(cases) }
  const layout = layOut(cases, blocks)
  for (let first = 0; first < resamples; first += BATCH) {
    const batch = layout.drawn.slice(0, resamples - first)
    for (const rows of batch) drawRows(random, counted, rows)
    addBatch(layout, batch)
    blocks.forEach(({ means }, block) => {
      for (let at = 0; at < batch.length; at++) {
        const sums = (block * BATCH + at) * BLOCK
        means.forEach((column, place) => (column[first + at] = layout.sums[sums + place]! / cases))
      }
    })
  }
}

/** The cases of one resample, in order. */
interface DrawnRows {
  /** For each drawn case, where its row begins in a block, in bytes. */
  readonly starts: Int32Array
  /** How often it was drawn. */
  readonly weights: Float64Array
  /** For each strip of cases, how many drawn ones there are up to its end. */
  readonly ends: Uint32Array
}

interface Layout {
  readonly addRows: AddRows
  /** Where the values of each block begin, [cases, BLOCK], in bytes. */
  readonly values: readonly number[]
  /** [blocks, BATCH, BLOCK] */
  readonly sums: Float64Array
  /** Places for a batch of resamples. */
  readonly drawn: readonly DrawnRows[]
}

/** Everything in one memory: values, sums, weights, starts. */
function layOut(cases: number, blocks: readonly Block[]): Layout {
  const bytesOfBlock = cases * bytesOfRow
  const sumsAt = blocks.length * bytesOfBlock
  const weightsAt = sumsAt + blocks.length * BATCH * bytesOfRow
  // One more than there are cases: what is not drawn is written behind the last that is.
  const most = cases + 1
  const startsAt = weightsAt + BATCH * most * 8
  const { buffer, addRows } = openRowMemory(startsAt + BATCH * most * 4)
  const values = blocks.map((_, block) => block * bytesOfBlock)
  blocks.forEach(({ columns }, block) => {
    const packed = new Float64Array(buffer, values[block], cases * BLOCK)
    columns.forEach((column, place) => {
      for (let row = 0; row < cases; row++) packed[row * BLOCK + place] = column[row]!
    })
  })
  const drawn = Array.from({ length: BATCH }, (_, at) => ({
    starts: new Int32Array(buffer, startsAt + at * most * 4, most),
    weights: new Float64Array(buffer, weightsAt + at * most * 8, most),
    ends: new Uint32Array(Math.ceil(cases / STRIP)),
  }))
  const sums = new Float64Array(buffer, sumsAt, blocks.length * BATCH * BLOCK)
  return { addRows, values, sums, drawn }
}

interface Counted {
  readonly drawn: Uint32Array
  readonly counts: Uint32Array
}

function drawRows(
  random: SeededRandom,
  { drawn, counts }: Counted,
  { starts, weights, ends }: DrawnRows,
): void {
  const cases = counts.length
  random.fillIntegers(drawn, cases)
  counts.fill(0)
  for (let index = 0; index < cases; index++) counts[drawn[index]!]!++
  let rows = 0
  for (let strip = 0; strip < ends.length; strip++) {
    const end = Math.min(cases, (strip + 1) * STRIP)
    for (let row = strip * STRIP; row < end; row++) {
      const count = counts[row]!
      starts[rows] = row * bytesOfRow
      weights[rows] = count
      // A case that was not drawn is written over by the next one: cheaper than a branch that is guessed wrong.
      rows += (count | (0 - count)) >>> 31
    }
    ends[strip] = rows
  }
}

/** Strip by strip, so that values are fetched once for all resamples of the batch; each sum still runs over the cases in order. */
function addBatch({ addRows, values, sums }: Layout, batch: readonly DrawnRows[]): void {
  sums.fill(0)
  const strips = batch[0]?.ends.length ?? 0
  for (let strip = 0; strip < strips; strip++) {
    for (let block = 0; block < values.length; block++) {
      for (let at = 0; at < batch.length; at++) {
        const { starts, weights, ends } = batch[at]!
        const first = strip === 0 ? 0 : ends[strip - 1]!
        const list = starts.byteOffset
        addRows(
          list + first * 4,
          list + ends[strip]! * 4,
          weights.byteOffset + first * 8,
          values[block]!,
          sums.byteOffset + (block * BATCH + at) * bytesOfRow,
        )
      }
    }
  }
}
