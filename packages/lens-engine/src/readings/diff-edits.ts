// Two edits -> how alike they are: cosine of what they add, angles between the spaces they read and write, shared tokens.
import type { MatrixAddress } from '../architectures/hook-points.js'
import type { Edit } from '../edits/edit.js'
import { addressKey, deltaNorm, type MatrixDelta } from '../edits/matrix-delta.js'
import { factorsOf, innerProduct, principalAngles } from './factor-algebra.js'

export interface MatrixDiff {
  readonly address: MatrixAddress
  /** Of the two changes as vectors of all their elements. */
  readonly cosine: number
  /** Degrees, smallest first, between the inputs each edit reacts to, and between the outputs it writes. */
  readonly inputAngles: readonly number[]
  readonly outputAngles: readonly number[]
}

export interface EditDiff {
  /** Over all matrices: 1 for the same change, 0 for edits that share nothing. */
  readonly cosine: number
  readonly shared: readonly MatrixDiff[]
  /** Matrices that only one of the edits changes. */
  readonly onlyFirst: readonly string[]
  readonly onlySecond: readonly string[]
}

/** Leading factors of a dense delta whose span is compared. */
const DENSE_FACTORS = 8

type Deltas = Pick<Edit, 'deltas'>

/** Of low-rank deltas everything comes from the factors in float64; of dense ones from their leading factors. */
export function diffEdits(first: Deltas, second: Deltas): EditDiff {
  const [a, b] = [byMatrix(first), byMatrix(second)]
  const sharedKeys = [...a.keys()].filter((key) => b.has(key))
  const of = (side: typeof a, key: string): readonly MatrixDelta[] => side.get(key) ?? []
  const inner = sharedKeys.reduce((sum, key) => sum + innerOf(of(a, key), of(b, key)), 0)
  const norms = [a, b].map((side) =>
    Math.sqrt([...side.values()].reduce((sum, one) => sum + innerOf(one, one), 0)),
  )
  return {
    cosine: ratio(inner, norms[0] as number, norms[1] as number),
    shared: sharedKeys.map((key) => diffMatrix(of(a, key), of(b, key))),
    onlyFirst: [...a.keys()].filter((key) => !b.has(key)),
    onlySecond: [...b.keys()].filter((key) => !a.has(key)),
  }
}

function byMatrix({ deltas }: Deltas): ReadonlyMap<string, readonly MatrixDelta[]> {
  const result = new Map<string, MatrixDelta[]>()
  for (const delta of deltas) {
    const key = addressKey(delta.address)
    result.set(key, [...(result.get(key) ?? []), delta])
  }
  return result
}

const innerOf = (a: readonly MatrixDelta[], b: readonly MatrixDelta[]): number =>
  a.reduce((sum, one) => b.reduce((part, other) => part + innerProduct(one, other), sum), 0)

const ratio = (inner: number, a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : Math.min(1, Math.max(-1, inner / (a * b)))

function diffMatrix(a: readonly MatrixDelta[], b: readonly MatrixDelta[]): MatrixDiff {
  const spans = (deltas: readonly MatrixDelta[], side: 'inputs' | 'outputs') =>
    deltas
      .filter((delta) => deltaNorm(delta) > 0)
      .flatMap((delta) => factorsOf(delta, DENSE_FACTORS)[side])
  const size = (deltas: readonly MatrixDelta[]): number => Math.sqrt(innerOf(deltas, deltas))
  return {
    address: (a[0] as MatrixDelta).address,
    cosine: ratio(innerOf(a, b), size(a), size(b)),
    inputAngles: principalAngles(spans(a, 'inputs'), spans(b, 'inputs')),
    outputAngles: principalAngles(spans(a, 'outputs'), spans(b, 'outputs')),
  }
}

/** What of a reading is compared. */
interface ReadTokens {
  readonly factors: readonly { readonly top: readonly { readonly id: number }[] }[]
}

/** Shared top tokens of two readings of one matrix, as a share of all their top tokens (Jaccard), 0 to 1. */
export function tokenOverlap(a: ReadTokens, b: ReadTokens): number {
  const ids = ({ factors }: ReadTokens): ReadonlySet<number> =>
    new Set(factors.flatMap(({ top }) => top.map(({ id }) => id)))
  const [one, other] = [ids(a), ids(b)]
  const both = [...one].filter((id) => other.has(id)).length
  const all = new Set([...one, ...other]).size
  return all === 0 ? 0 : both / all
}
