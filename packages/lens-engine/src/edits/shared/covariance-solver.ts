// C x = k for the covariance of a matrix's keys: factored once for each covariance and ridge, never inverted.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import { LensEngineError } from '../../errors.js'
import { cholesky, solveCholesky, type Cholesky } from '../../tensor/cholesky.js'
import type { EditResources, KeyCovariance } from '../edit-method.js'
import { addressKey } from '../matrix-delta.js'

/** Factors live as long as the covariance they belong to. */
const factorsOf = new WeakMap<KeyCovariance, Map<number, Cholesky>>()

/** @throws KEY_COVARIANCE_MISSING naming the command that computes it */
export async function needCovariance(
  resources: EditResources,
  address: MatrixAddress,
): Promise<KeyCovariance> {
  if (resources.keyCovariance !== undefined) return resources.keyCovariance(address)
  throw new LensEngineError(
    'KEY_COVARIANCE_MISSING',
    `the covariance of the keys of ${addressKey(address)} was not given`,
    {
      details: { matrix: addressKey(address) },
      cure: `Compute it: lens stats --layers ${address.layer}.`,
    },
  )
}

/**
 * x with (C + ridge * mean diagonal * I) x = key.
 * @throws KEY_COVARIANCE_SINGULAR when the ridge does not suffice
 */
export function solveCovariance(
  covariance: KeyCovariance,
  ridge: number,
  key: ArrayLike<number>,
): Float64Array {
  return solveCholesky(factorOf(covariance, ridge), key)
}

function factorOf(covariance: KeyCovariance, ridge: number): Cholesky {
  const known = factorsOf.get(covariance)?.get(ridge)
  if (known !== undefined) return known
  const { values, width, address, samples } = covariance
  const factor = cholesky(values, width, ridge * meanDiagonal(covariance))
  if (factor === null) {
    throw new LensEngineError(
      'KEY_COVARIANCE_SINGULAR',
      `the covariance of the keys of ${addressKey(address)} is singular: ${samples} tokens for width ${width}, ridge ${ridge}`,
      {
        details: { matrix: addressKey(address), samples, width, ridge },
        cure: 'Compute it from more tokens with `lens stats`, or raise the hyperparameter ridge, such as to 0.001.',
      },
    )
  }
  const factors = factorsOf.get(covariance) ?? new Map<number, Cholesky>()
  factorsOf.set(covariance, factors.set(ridge, factor))
  return factor
}

export function meanDiagonal({ values, width }: KeyCovariance): number {
  let sum = 0
  for (let index = 0; index < width; index++) sum += values[index * width + index] as number
  return sum / width
}
