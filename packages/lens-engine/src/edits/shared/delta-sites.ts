// Stacks of deltas -> the sites where they enter a graph, and the numbers fed there. A stack is a sum, so deltas of one
// matrix are joined: factors side by side, dense matrices and biases added up.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import type { Feed } from '../../runtime/ort.js'
import { addressKey, denseValues, type LowRankDelta, type MatrixDelta } from '../matrix-delta.js'
import { float32 } from '../../runtime/feeds.js'
import {
  sameAddress,
  siteName,
  type DeltaPart,
  type DeltaSite,
  type DeltaTier,
} from './pass-plan.js'

/** Everything a stack adds to one matrix. */
export interface JoinedDelta {
  readonly address: MatrixAddress
  readonly inputWidth: number
  readonly outputWidth: number
  readonly rank: number
  readonly lowRank: readonly LowRankDelta[]
  /** [in, out]; null when no delta is dense. */
  readonly dense: Float32Array | null
  readonly bias: Float32Array | null
}

/** The deltas of a request: those of all sequences, and those of each. */
export interface JoinedStacks {
  readonly shared: readonly JoinedDelta[]
  readonly each: readonly (readonly JoinedDelta[])[]
}

/** One joined delta for each matrix a stack changes, in order of address. */
export function joinDeltas(stack: readonly MatrixDelta[]): readonly JoinedDelta[] {
  const byKey = new Map<string, MatrixDelta[]>()
  for (const delta of stack) {
    const key = addressKey(delta.address)
    byKey.set(key, [...(byKey.get(key) ?? []), delta])
  }
  return [...byKey.values()].map(joinOne).sort((a, b) => compareAddresses(a.address, b.address))
}

/** Factors whose product would be cheaper as a matrix are multiplied out (rank above in * out / (in + out)). */
function joinOne(deltas: readonly MatrixDelta[]): JoinedDelta {
  const { address, inputWidth, outputWidth } = deltas[0] as MatrixDelta
  const factors = deltas.filter((delta) => delta.kind === 'low-rank')
  const rank = factors.reduce((sum, delta) => sum + delta.rank, 0)
  const multiplyOut = rank > (inputWidth * outputWidth) / (inputWidth + outputWidth)
  const matrices = deltas
    .filter((delta) => multiplyOut || delta.kind === 'dense')
    .map((delta) => denseValues(delta))
  const biases = deltas.flatMap(({ bias }) => (bias === null ? [] : [bias]))
  return {
    address,
    inputWidth,
    outputWidth,
    rank: multiplyOut ? 0 : rank,
    lowRank: multiplyOut ? [] : factors,
    dense: sumOf(matrices),
    bias: sumOf(biases),
  }
}

function sumOf(arrays: readonly Float32Array[]): Float32Array | null {
  const [first, ...rest] = arrays
  if (first === undefined || rest.length === 0) return first ?? null
  const sum = Float64Array.from(first)
  for (const array of rest) {
    for (let index = 0; index < sum.length; index++) {
      sum[index] = (sum[index] as number) + (array[index] as number)
    }
  }
  return Float32Array.from(sum)
}

const compareAddresses = (a: MatrixAddress, b: MatrixAddress): number =>
  a.layer - b.layer || (a.matrix < b.matrix ? -1 : a.matrix > b.matrix ? 1 : 0)

const parts: readonly (readonly [DeltaPart, (joined: JoinedDelta) => boolean])[] = [
  ['low-rank', (joined) => joined.rank > 0],
  ['dense', (joined) => joined.dense !== null],
  ['bias', (joined) => joined.bias !== null],
]

/** The sites that any of the stacks needs, in order of address and part. */
export function sitesOf(
  tier: DeltaTier,
  stacks: readonly (readonly JoinedDelta[])[],
): readonly DeltaSite[] {
  const sites = new Map<string, DeltaSite>()
  for (const joined of stacks.flat()) {
    for (const [part, has] of parts) {
      const site = { address: joined.address, tier, part }
      if (has(joined)) sites.set(siteName(site), site)
    }
  }
  const order = (site: DeltaSite): number => parts.findIndex(([part]) => part === site.part)
  return [...sites.values()].sort(
    (a, b) => compareAddresses(a.address, b.address) || order(a) - order(b),
  )
}

/** Feeds of one site. @param stacks one joined stack, or one for each element of the batch where the site is `each` */
export function siteFeeds(
  site: DeltaSite,
  stacks: readonly (readonly JoinedDelta[])[],
  widths: readonly [number, number],
): Readonly<Record<string, Feed>> {
  const [width, out] = widths
  const name = siteName(site)
  const own = stacks.map((stack) =>
    stack.find((joined) => sameAddress(joined.address, site.address)),
  )
  const lead = site.tier === 'each' ? [stacks.length] : []
  if (site.part === 'low-rank') {
    const rank = Math.max(1, ...own.map((joined) => joined?.rank ?? 0))
    return {
      [`${name}.U`]: float32(joinLeft(own, width, rank), [...lead, width, rank]),
      [`${name}.V`]: float32(joinRight(own, out, rank), [...lead, rank, out]),
    }
  }
  const size = site.part === 'dense' ? width * out : out
  const data = new Float32Array(stacks.length * size)
  own.forEach((joined, element) => {
    const values = site.part === 'dense' ? joined?.dense : joined?.bias
    if (values !== undefined && values !== null) data.set(values, element * size)
  })
  const inner = site.part === 'dense' ? [width, out] : site.tier === 'each' ? [1, out] : [out]
  return { [name]: float32(data, [...lead, ...inner]) }
}

type MaybeJoined = readonly (JoinedDelta | undefined)[]

/** U [elements, width, rank]: the factors of a stack side by side, then zeros. */
function joinLeft(own: MaybeJoined, width: number, rank: number): Float32Array {
  const data = new Float32Array(own.length * width * rank)
  own.forEach((joined, element) => {
    let column = 0
    for (const delta of joined?.lowRank ?? []) {
      for (let row = 0; row < width; row++) {
        const from = row * delta.rank
        const to = (element * width + row) * rank + column
        data.set(delta.u.subarray(from, from + delta.rank), to)
      }
      column += delta.rank
    }
  })
  return data
}

/** V [elements, rank, out] */
function joinRight(own: MaybeJoined, out: number, rank: number): Float32Array {
  const data = new Float32Array(own.length * rank * out)
  own.forEach((joined, element) => {
    let row = element * rank
    for (const delta of joined?.lowRank ?? []) {
      data.set(delta.v, row * out)
      row += delta.rank
    }
  })
  return data
}
