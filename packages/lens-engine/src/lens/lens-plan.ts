// The plan of a request: defaults filled in and checked against the model.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { MatrixName } from '../architectures/hook-points.js'
import type { LensKind, LensRequest } from './lens-result.js'

/** What a lens graph computes; equal plans share a graph and its session. */
export interface LensPlan {
  readonly matrices: readonly MatrixName[]
  readonly lens: LensKind
  readonly topK: number
  readonly hiddenStates: boolean
  readonly imprint: boolean
  readonly gradientRank: boolean
  readonly gradientCheck: boolean
  readonly vectors: boolean
}

export const lensKinds: readonly LensKind[] = ['raw', 'final-norm', 'normalized']

const MAXIMUM_TOP_K = 50
const DEFAULT_TOP_K = 10

/** @throws BAD_ARGUMENT naming the setting */
export function makePlan(
  model: Pick<LoadedModel, 'architecture' | 'shape'>,
  request: LensRequest,
): LensPlan {
  const { matrices: known } = model.architecture
  const asked = request.matrices ?? known
  const missing = asked.find((matrix) => !known.includes(matrix))
  if (missing !== undefined || asked.length === 0) {
    throw badArgument('matrices', missing ?? 'empty', `one or more of ${known.join(', ')}`)
  }
  const topK = request.topK ?? Math.min(DEFAULT_TOP_K, model.shape.vocabularySize)
  const most = Math.min(MAXIMUM_TOP_K, model.shape.vocabularySize)
  if (!Number.isSafeInteger(topK) || topK < 1 || topK > most) {
    throw badArgument('topK', topK, `a whole number from 1 to ${most}`)
  }
  const lens = request.lens ?? 'final-norm'
  if (!lensKinds.includes(lens)) throw badArgument('lens', lens, lensKinds.join(', '))
  return {
    matrices: known.filter((matrix) => asked.includes(matrix)),
    lens,
    topK,
    hiddenStates: request.hiddenStates ?? true,
    imprint: request.imprint ?? true,
    gradientRank: request.gradientRank ?? true,
    gradientCheck: request.gradientCheck ?? true,
    vectors: request.vectors ?? false,
  }
}

function badArgument(name: string, value: string | number, wanted: string): LensEngineError {
  return new LensEngineError('BAD_ARGUMENT', `${name} is ${value}, not ${wanted}`, {
    details: { name, value },
    cure: `Set ${name} to ${wanted}.`,
  })
}
