// What an edit wrote, in words: each factor that lives in the residual stream, projected into the vocabulary. An edit is
// added, so what it writes stands at the top of an output factor (of a gradient's VJP it stands at the bottom).
import { projectableFactor, type MatrixAddress } from '../architectures/hook-points.js'
import type { Edit } from '../edits/edit.js'
import type { LensKind } from '../lens/lens-result.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { factorsOf, norm } from './factor-algebra.js'
import { projectVectors, type ProjectedVector } from './project-vectors.js'

export interface FactorReading extends ProjectedVector {
  /** Length of what it adds: the norms of both factors multiplied. */
  readonly strength: number
}

export interface DeltaReading {
  readonly address: MatrixAddress
  readonly kind: 'low-rank' | 'dense'
  /** Which side was projected: the one that lives in the residual stream. */
  readonly side: 'input' | 'output'
  /** Rank of the delta; of a dense one, how many leading factors were taken. */
  readonly rank: number
  /** Strongest first. */
  readonly factors: readonly FactorReading[]
}

export interface ReadEditOptions {
  /** `normalized` when absent. */
  readonly lens?: LensKind
  readonly topK?: number
  /** Factors of each matrix that are read, strongest first. */
  readonly factors?: number
  /** Token whose rank is reported; the end of the list's first when absent. */
  readonly token?: number
}

const FACTORS = 8

/** @throws EDIT_WRONG_MODEL is the caller's to check; NOT_FINITE */
export async function readEdit(
  model: LoadedModel,
  edit: Pick<Edit, 'deltas'>,
  { lens = 'normalized', topK = 10, factors = FACTORS, token = 0 }: ReadEditOptions = {},
): Promise<readonly DeltaReading[]> {
  const readings: DeltaReading[] = []
  for (const delta of edit.deltas) {
    const { inputs, outputs } = factorsOf(delta, factors)
    const side = projectableFactor[delta.address.matrix] === 'input' ? 'input' : 'output'
    const strengths = inputs.map((u, k) => norm(u) * norm(outputs[k] as Float64Array))
    const order = [...strengths.keys()]
      .filter((k) => (strengths[k] as number) > 0)
      .sort((a, b) => (strengths[b] as number) - (strengths[a] as number))
      .slice(0, factors)
    const vectors = order.map((k) => (side === 'input' ? inputs : outputs)[k] as Float64Array)
    const projected = await projectVectors(model, vectors, { lens, topK, token })
    readings.push({
      address: delta.address,
      kind: delta.kind,
      side,
      rank: inputs.length,
      factors: projected.map((one, place) => ({
        ...one,
        strength: strengths[order[place] as number] as number,
      })),
    })
  }
  return readings
}
