// A merged model against the base with the same edits as factors: the largest difference of their logits.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { createRandom } from '../tensor/seeded-random.js'
import type { MatrixDelta } from './matrix-delta.js'
import { EditLab } from './shared/edit-lab.js'

export interface MergedComparison {
  /** Largest difference of a logit, divided by the largest logit. */
  readonly largestDifference: number
  readonly tolerance: number
  readonly probes: number
}

/** Rounding of the sum W + Delta to the stored type, through a few blocks. */
const tolerances: Readonly<Record<string, number>> = { F32: 1e-4, F16: 1e-2, BF16: 5e-2 }

const PROBES = 4
const PROBE_LENGTH = 8

/** Token ids that depend on the vocabulary alone. */
function fixedProbes({ shape }: LoadedModel): readonly (readonly number[])[] {
  const random = createRandom('merged model probes')
  const length = Math.min(PROBE_LENGTH, shape.contextLength)
  return Array.from({ length: PROBES }, () =>
    Array.from({ length }, () => random.nextInteger(shape.vocabularySize)),
  )
}

/** Closes `merged` afterwards. @throws WEIGHTS_MISMATCH above the tolerance */
export async function compareMerged(
  model: LoadedModel,
  deltas: readonly MatrixDelta[],
  merged: LoadedModel,
  given?: readonly (readonly number[])[],
): Promise<MergedComparison> {
  const probes = given ?? fixedProbes(model)
  try {
    const [factors, whole] = [
      await logitsOf(new EditLab(model, { base: deltas }), probes),
      await logitsOf(new EditLab(merged), probes),
    ]
    let [difference, largest] = [0, 0]
    factors.forEach((rows, probe) => {
      rows.forEach((value, index) => {
        difference = Math.max(difference, Math.abs(value - (whole[probe]?.[index] ?? NaN)))
        largest = Math.max(largest, Math.abs(value))
      })
    })
    const largestDifference = difference / largest
    const tolerance = Math.max(...model.dtype.split('+').map((dtype) => tolerances[dtype] ?? 1e-4))
    if (largestDifference <= tolerance) {
      return { largestDifference, tolerance, probes: probes.length }
    }
    throw mismatch(largestDifference, tolerance)
  } finally {
    await merged.dispose()
  }
}

async function logitsOf(lab: EditLab, probes: readonly (readonly number[])[]) {
  const { sequences } = await lab.run({
    sequences: probes.map((ids) => ({
      ids,
      scored: [{ position: ids.length - 1, tokens: [0] }],
    })),
    head: ['logits'],
  })
  return sequences.map(({ scored }) => scored[0]?.logits as Float32Array)
}

function mismatch(difference: number, tolerance: number): LensEngineError {
  return new LensEngineError(
    'WEIGHTS_MISMATCH',
    `the merged weights give logits that differ by ${difference.toExponential(2)} of the largest, more than ${tolerance}`,
    {
      details: { difference, tolerance },
      cure: 'The element type of the weights may be too coarse for this edit; apply it as factors instead.',
    },
  )
}
